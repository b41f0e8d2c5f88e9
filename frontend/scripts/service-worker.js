// The service worker makes the app work offline. pack.mjs prepends the build's files, by path and hash.
//
// A build is cached completely or not at all: every file must have the hash from this build. So the offline app is always
// one build, never a mixture, whichever replica responded during a rollout.
//
// It touches nothing except the build's files: responses of the API or /mcp, and data of users, are never cached.
/* global build, files */

const prefix = "taskwire-";
const cacheName = prefix + build;
/** How long to wait for a page before the cached one is shown. */
const pageTimeout = 3000;
/** Names that contain a hash of the content are the same in every build. */
const isStatic = (path) => path.startsWith("/_next/static/");
const loosely = { ignoreSearch: true, ignoreVary: true };

self.addEventListener("install", (event) => {
  // In browsers that support static routes, these requests do not wait for the worker to start.
  if (event.addRoutes && self.URLPattern) {
    const routes = ["/api/*", "/mcp", "/mcp/*"].map((pathname) => ({
      condition: { urlPattern: new URLPattern({ pathname }) },
      source: "network",
    }));
    event.waitUntil(event.addRoutes(routes).catch(() => {}));
  }
  event.waitUntil(keepBuild());
});

async function keepBuild() {
  try {
    const cache = await caches.open(cacheName);
    const left = Object.entries(files);
    const work = async () => {
      for (let next = left.pop(); next; next = left.pop()) await keep(cache, ...next);
    };
    await Promise.all([work(), work(), work(), work()]);
  } catch (error) {
    await caches.delete(cacheName);
    throw error; // this worker is dropped, and the browser tries again at the next visit
  }
  // Open pages continue with their own build, so its files stay cached next to this one's.
  await self.skipWaiting();
}

async function keep(cache, path, hash) {
  const response =
    (isStatic(path) && (await caches.match(path, loosely))) ||
    (await fetch(path, { cache: isStatic(path) ? "default" : "no-cache", credentials: "omit" }));
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  const found = btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
  if (!response.ok || !found.startsWith(hash)) throw new Error(`${path} is not the one of this build`);
  await cache.put(path, response);
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const others = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName);
      // The latest of the others may be the build of pages that are still open.
      for (const name of others.slice(0, -1)) await caches.delete(name);
      await self.registration.navigationPreload?.enable();
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (isStatic(pathname)) event.respondWith(fromCache(event.request));
  else if (Object.hasOwn(files, pathname)) event.respondWith(fromNetwork(event, pathname));
});

async function fromCache(request) {
  return (await caches.match(request, loosely)) ?? fetch(request);
}

/** The server's page, so that a new build is used at once; the cached one if the server is unreachable. */
async function fromNetwork(event, path) {
  const network = (async () => (await event.preloadResponse) ?? fetch(event.request))();
  event.waitUntil(network.catch(() => {}));
  try {
    const late = new Promise((resolve) => setTimeout(resolve, pageTimeout));
    const response = await Promise.race([network, late]);
    if (response && response.status < 500) return response;
  } catch {
    // Offline: use the cached page.
  }
  const cache = await caches.open(cacheName);
  return (await cache.match(path, loosely)) ?? network;
}
