import { useState } from "react";

/** Returns the same object until its JSON changes, so that memoized components which get it do not render again. */
export function useStable<T>(value: T): T {
  const [kept, setKept] = useState(value);
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept;
  setKept(value);
  return value;
}
