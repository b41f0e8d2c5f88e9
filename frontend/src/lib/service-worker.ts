/** Delays the registration, so that it does not compete with the first visit. */
const delay = 4000;

/** Lets the browser cache this build, so that the app opens offline. */
export function keepForOffline(): () => void {
  if (process.env.NODE_ENV !== "production" || !("serviceWorker" in navigator)) return () => {};
  const timer = setTimeout(() => {
    // A browser that does not allow it, as in some private windows, works as before.
    navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
  }, delay);
  return () => clearTimeout(timer);
}
