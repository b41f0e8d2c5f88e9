/** The first visit has other things to load. */
const delay = 4000;

/** Has the browser keep this build, so that the app opens without a network. */
export function keepForOffline(): () => void {
  if (process.env.NODE_ENV !== "production" || !("serviceWorker" in navigator)) return () => {};
  const timer = setTimeout(() => {
    // A browser that may not, as in some private windows, works as before.
    navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
  }, delay);
  return () => clearTimeout(timer);
}
