"use client";

import { useState } from "react";
import { type DraftKind, draftKey } from "@/lib/store/database";

/**
 * A text that the user has not sent yet, such as a comment on a task or a new task for a section: it survives closing the
 * details, a reload, and the end of the session, but no sign-out. Without a user it is only kept in memory.
 */
export function useKeptDraft(
  kind: DraftKind,
  of: string,
  userId: string | undefined,
): [string, (text: string) => void] {
  const key = userId === undefined ? null : draftKey(kind, of, userId);
  const [text, setText] = useState(() => read(key));
  function set(to: string) {
    setText(to);
    if (key === null) return;
    try {
      if (to) localStorage.setItem(key, to);
      else localStorage.removeItem(key);
    } catch {
      // Without storage it is there until the field is gone.
    }
  }
  return [text, set];
}

function read(key: string | null): string {
  try {
    return (key && localStorage.getItem(key)) ?? "";
  } catch {
    return "";
  }
}
