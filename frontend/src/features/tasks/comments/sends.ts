import type { KeyboardEvent } from "react";

/** Whether a key sends what is written; Enter alone begins a line. */
export const sends = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  key === "Enter" && (ctrlKey || metaKey);
