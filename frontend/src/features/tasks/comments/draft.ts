"use client";

import { useState } from "react";

const keyOf = (taskId: string, userId: string) => `taskwire.comment.${taskId}.${userId}`;

/** A comment while it is written: it survives closing the details, and a reload. */
export function useCommentDraft(taskId: string, userId: string): [string, (text: string) => void] {
  const key = keyOf(taskId, userId);
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
