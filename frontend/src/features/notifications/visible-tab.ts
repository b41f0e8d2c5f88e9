const name = "taskwire.visible";

/** Lets the other tabs know while this one is visible, until the returned function is called. */
export function announceVisible(): () => void {
  let visible = new AbortController();
  const follow = () => {
    visible.abort();
    const { signal } = (visible = new AbortController());
    if (document.visibilityState === "hidden") return;
    // A lock ends with its tab, however that is closed.
    const hold = () => new Promise<void>((release) => signal.addEventListener("abort", () => release()));
    navigator.locks.request(name, { mode: "shared", signal }, hold).catch(() => {}); // aborted while waiting
  };
  follow();
  document.addEventListener("visibilitychange", follow);
  return () => {
    document.removeEventListener("visibilitychange", follow);
    visible.abort();
  };
}

/** Whether any tab is visible, and shows what is new itself. */
export async function isAnyVisible(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name === name);
}
