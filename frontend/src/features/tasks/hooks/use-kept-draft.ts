"use client";

import { useState } from "react";
import { type DraftKind, draftKey } from "@/lib/store/database";

/**
 * A text that the user has not sent yet, such as a comment on a task or a new task: it survives closing the
 * details, a reload, and the end of the session, but no sign-out. Without a user it is only kept in memory.
 */
export function useKeptDraft(
  kind: DraftKind,
  of: string,
  userId: string | undefined,
): [string, (text: string) => void] {
  const key = userId === undefined ? null : draftKey(kind, of, userId);
  const [draft, setDraft] = useState(() => ({ key, text: read(key) }));
  if (draft.key !== key) {
    // A page that has just been loaded learns a moment later whose it is.
    const typed = draft.key === null && draft.text;
    setDraft({ key, text: typed || read(key) });
  }
  function set(text: string) {
    setDraft({ key, text });
    if (key === null) return;
    try {
      if (text) localStorage.setItem(key, text);
      else localStorage.removeItem(key);
    } catch {
      // Without storage it is there until the field is gone.
    }
  }
  return [draft.text, set];
}

function read(key: string | null): string {
  try {
    return (key && localStorage.getItem(key)) ?? "";
  } catch {
    return "";
  }
}
