import { useState } from "react";

/** The earlier value for as long as the new one says the same in JSON, so that what depends on it is not drawn again. */
export function useSame<T>(value: T): T {
  const [kept, setKept] = useState(value);
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept;
  setKept(value);
  return value;
}
