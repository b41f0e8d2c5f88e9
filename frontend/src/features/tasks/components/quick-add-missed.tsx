"use client";

import { useEffect, useState } from "react";
import type { Understood } from "../quick-add/understand";
import * as words from "@/messages/quickAddReading";
import { formatList } from "@/lib/words/per-locale";

/** Long enough that nothing is said of a date that is being typed. */
const pause = 700;

/** Says which words that look like a date stay in the title. A screen reader announces it once the user stops typing. */
export function QuickAddMissed({ understood: { title, parts, missed } }: { understood: Understood }) {
  const [said, setSaid] = useState("");
  const quoted = { words: formatList(missed.map((text) => words.quoted({ text }))) };
  let message = "";
  if (missed[0] === title) message = words.onlyDate();
  else if (missed.length) message = parts.length ? words.staysInTitle(quoted) : words.allIsTitle(quoted);
  useEffect(() => {
    const timer = setTimeout(() => setSaid(message), message ? pause : 0);
    return () => clearTimeout(timer);
  }, [message]);
  return (
    <p
      role="status"
      dir="auto"
      className="border-t border-line px-3 py-2 text-[0.8125rem] break-words text-ink-2 empty:hidden"
    >
      {message && said}
    </p>
  );
}
