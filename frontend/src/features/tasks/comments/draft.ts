"use client";

import { useState } from "react";
import { draftKey } from "@/lib/store/database";

/** A comment while it is written: it survives closing the details, a reload, and the end of the session, but no sign-out. */
export function useCommentDraft(taskId: string, userId: string): [string, (text: string) => void] {
  const key = draftKey(taskId, userId);
  const [text, setText] = useState(() => read(key));
  function set(to: string) {
    setText(to);
    try {
      if (to) localStorage.setItem(key, to);
      else localStorage.removeItem(key);
    } catch {
      // Without storage it is there until the details are closed.
    }
  }
  return [text, set];
}

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}
