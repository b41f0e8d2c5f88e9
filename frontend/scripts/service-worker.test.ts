import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeEach, expect, test } from "vitest";

const code = readFileSync(resolve("scripts/service-worker.js"), "utf8");
const origin = "https://tasks.example";
const hashOf = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, 16);

/** The server's files by path; null means offline. */
let served: Record<string, string> | null;
let asked: string[];
let caches: Map<string, Map<string, Response>>;
const html = { "/": "<p>one</p>", "/_next/static/a.js": "a()" };

beforeEach(() => {
  served = { ...html };
  asked = [];
  caches = new Map();
});

const pathOf = (request: string | Request) =>
  new URL(typeof request === "string" ? request : request.url, origin).pathname;

const cacheStorage = {
  open: async (name: string) => {
    const cache = caches.get(name) ?? new Map<string, Response>();
    caches.set(name, cache);
    return {
      match: async (request: string | Request) => cache.get(pathOf(request))?.clone(),
      put: async (request: string | Request, response: Response) =>
        void cache.set(pathOf(request), response.clone()),
    };
  },
  match: async (request: string | Request) =>
    [...caches.values()].flatMap((cache) => cache.get(pathOf(request)) ?? [])[0]?.clone(),
  keys: async () => [...caches.keys()],
  delete: async (name: string) => caches.delete(name),
};

async function fetching(request: string | Request): Promise<Response> {
  const path = pathOf(request);
  asked.push(path);
  if (!served) throw new TypeError("Failed to fetch");
  const text = served[path];
  return text === undefined ? new Response("no", { status: 404 }) : new Response(text);
}

/** jsdom's version does not accept the values of its own Response. */
const crypto = {
  subtle: {
    digest: async (_: string, data: ArrayBuffer) =>
      createHash("sha256").update(new Uint8Array(data)).digest(),
  },
};

/** The worker of a build, run as in a browser. */
function worker(build: string, files: Record<string, string>) {
  const heard = new Map<string, (event: unknown) => void>();
  const self = {
    addEventListener: (name: string, handler: (event: unknown) => void) => heard.set(name, handler),
    location: { origin },
    skipWaiting: async () => {},
    clients: { claim: async () => {} },
    registration: {},
  };
  new Function("self", "caches", "fetch", "crypto", "build", "files", code)(
    self,
    cacheStorage,
    fetching,
    crypto,
    build,
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, hashOf(text)])),
  );
  const fire = async (name: string, more: object = {}) => {
    const waits: Promise<unknown>[] = [];
    let answer: Promise<Response> | undefined;
    heard.get(name)?.({
      ...more,
      waitUntil: (promise: Promise<unknown>) => void waits.push(promise),
      respondWith: (promise: Promise<Response>) => void (answer = promise),
    });
    const response = await answer;
    await Promise.all(waits);
    return response;
  };
  return {
    install: () => fire("install"),
    activate: () => fire("activate"),
    get: (path: string) => fire("fetch", { request: new Request(origin + path) }),
  };
}

test("without a network the kept build is shown, whatever the address asks for", async () => {
  const one = worker("one", html);
  await one.install();
  served = null;
  expect(await (await one.get("/?view=all"))?.text()).toBe("<p>one</p>");
  expect(await (await one.get("/_next/static/a.js"))?.text()).toBe("a()");
});

test("with a network the server's page is shown, and scripts are not asked for again", async () => {
  const one = worker("one", html);
  await one.install();
  asked = [];
  served!["/"] = "<p>newer</p>";
  expect(await (await one.get("/"))?.text()).toBe("<p>newer</p>");
  expect(await (await one.get("/_next/static/a.js"))?.text()).toBe("a()");
  expect(asked).toEqual(["/"]);
});

test("nothing but the build's own files is touched, and nothing else is kept", async () => {
  const one = worker("one", html);
  await one.install();
  for (const path of ["/api/todos", "/api/stream/tasks", "/mcp", "/elsewhere"])
    expect(await one.get(path)).toBeUndefined();
  expect([...caches.get("taskwire-one")!.keys()].sort()).toEqual(Object.keys(html).sort());
});

test("a build is kept whole or not at all", async () => {
  served!["/"] = "<p>of another build</p>";
  await expect(worker("one", html).install()).rejects.toThrow("/ is not the one of this build");
  expect(caches.size).toBe(0);
});

test("the build before is kept for the pages that are still open, those before it are not", async () => {
  for (const build of ["one", "two", "three"]) {
    const next = worker(build, html);
    await next.install();
    await next.activate();
  }
  expect([...caches.keys()]).toEqual(["taskwire-two", "taskwire-three"]);
});

test("what has the same name in two builds is fetched once", async () => {
  await worker("one", html).install();
  asked = [];
  await worker("two", html).install();
  expect(asked).toEqual(["/"]);
});
