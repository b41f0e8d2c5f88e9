"use client";

import { useEffect, useState } from "react";
import type { Understood } from "../quick-add/understand";

/** Long enough that nothing is said of a date that is being typed. */
const pause = 700;

/** Says which words that look like a date stay in the title. A screen reader announces it once the user stops typing. */
export function QuickAddMissed({ understood: { title, parts, missed } }: { understood: Understood }) {
  const [said, setSaid] = useState("");
  const words = missed.map((text) => `“${text}”`).join(", ");
  let message = "";
  if (missed[0] === title) message = "Only a date so far. Add what is to be done, or it becomes the title.";
  else if (words && parts.length) message = `Stays in the title, not understood as a date: ${words}`;
  else if (words) message = `Not understood as a date, so the whole text is the title: ${words}`;
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
