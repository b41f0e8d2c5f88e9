import { useState } from "react";

/** Calls this while rendering when the key is another than before, to set what begins anew with it; the component stays. */
export function useAnew(key: string, begin: () => void): void {
  const [last, setLast] = useState(key);
  if (key === last) return;
  setLast(key);
  begin();
}
