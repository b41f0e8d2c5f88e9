// The service worker: the app without a network. pack.mjs puts the build's files, by address and hash, in front of it.
//
// A build is kept whole or not at all: every file must have the hash that this build gave it. So what is served without a
// network is one build, never parts of two, whichever replica answered while a new one was being rolled out.
//
// What is not a file of the build it does not touch: no answer of the API or of /mcp is ever kept, and nothing of a user.
/* global build, files */

const prefix = "taskwire-";
const kept = prefix + build;
/** How long a page may be waited for before the kept one is shown. */
const patience = 3000;
/** Names that hold a hash of the content: whichever build they were kept with, they are the same. */
const isStatic = (path) => path.startsWith("/_next/static/");
const loosely = { ignoreSearch: true, ignoreVary: true };

self.addEventListener("install", (event) => {
  // Browsers that can are told that these need no worker: they do not wait for it to wake.
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
    const cache = await caches.open(kept);
    const left = Object.entries(files);
    const work = async () => {
      for (let next = left.pop(); next; next = left.pop()) await keep(cache, ...next);
    };
    await Promise.all([work(), work(), work(), work()]);
  } catch (error) {
    await caches.delete(kept);
    throw error; // this worker is dropped, and the browser tries again with the next visit
  }
  // Pages that are open go on with their own build: their files are kept on beside this one's.
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
      const others = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== kept);
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

/** The server's page, so that a new build is there at once; the kept one when there is none to be had. */
async function fromNetwork(event, path) {
  const network = (async () => (await event.preloadResponse) ?? fetch(event.request))();
  event.waitUntil(network.catch(() => {}));
  try {
    const late = new Promise((resolve) => setTimeout(resolve, patience));
    const response = await Promise.race([network, late]);
    if (response && response.status < 500) return response;
  } catch {
    // No network: the kept one.
  }
  const cache = await caches.open(kept);
  return (await cache.match(path, loosely)) ?? network;
}
