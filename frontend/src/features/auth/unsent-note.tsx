"use client";

import { useEffect, useState } from "react";
import { hasUnsent } from "@/lib/store/database";
import * as words from "@/messages/auth";

/**
 * Says that a session ended before all changes were sent. Only their owner is shown whose they are and what they
 * contain.
 */
export function UnsentNote() {
  const [unsent, setUnsent] = useState(false);
  useEffect(() => {
    let here = true;
    void hasUnsent().then((found) => here && setUnsent(found));
    return () => {
      here = false;
    };
  }, []);
  if (!unsent) return null;
  return (
    <p role="status" className="rounded-lg bg-sunken px-3.5 py-2.5 text-sm text-ink-2">
      {words.unsent()}
    </p>
  );
}
