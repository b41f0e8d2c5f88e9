// Turns Next's export into the files that functions/dashboard embeds: every file compressed at build time, and a
// manifest that says how to serve each. The output is reproducible.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const source = resolve("out");
const target = resolve(process.argv[2] ?? "../functions/dashboard/dist");

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

const sha256 = (content, encoding) => createHash("sha256").update(content).digest(encoding);

/** A page may load only resources from this origin, and run only its own scripts. */
function policy(html) {
  const hashes = new Set();
  for (const [, attributes, script] of html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)) {
    if (!/\ssrc=/.test(attributes)) hashes.add(`'sha256-${sha256(script, "base64")}'`);
  }
  return [
    "default-src 'self'",
    `script-src 'self' ${[...hashes].sort().join(" ")}`,
    // Radix and Sonner insert styles for floating elements at run time.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    // Scripts send every form. The browser must not, before they run.
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The path of a file of the export: pages have no extension. */
function address(name) {
  const path = `/${name}`;
  if (name === "index.html") return "/";
  return name.endsWith(".html") && name !== "404.html" ? path.slice(0, -".html".length) : path;
}

/** Files that nothing requests. */
const unused = (name) => name.startsWith("_not-found") || name.endsWith("__next._full.txt");

const encoders = {
  br: (content) =>
    promisify(brotliCompress)(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }),
  gzip: (content) => promisify(gzip)(content, { level: 9 }),
};

async function pack(name) {
  return packed(name, await readFile(join(source, name)));
}

async function packed(name, content) {
  const type = types[extname(name)];
  if (!type) throw new Error(`${name} is of a kind that pack.mjs does not know`);
  await put(name, content);
  const entry = { file: name, type, etag: sha256(content, "base64url").slice(0, 16) };
  if (type.startsWith("text/html")) entry.policy = policy(content.toString("utf8"));
  // Next puts a hash of the content into these names.
  if (name.startsWith("_next/static/")) entry.immutable = true;
  if (extname(name) !== ".png") entry.encodings = await compress(name, content);
  return [address(name), entry];
}

/** The service worker caches everything that a browser needs offline: all files of the build, by hash. */
async function packWorker(manifest) {
  const files = Object.fromEntries(
    Object.entries(manifest)
      .filter(([path]) => path !== "/404.html")
      .map(([path, { etag }]) => [path, etag]),
  );
  const list = JSON.stringify(files);
  const build = sha256(list, "hex").slice(0, 16);
  const code = await readFile(new URL("service-worker.js", import.meta.url), "utf8");
  return packed("sw.js", Buffer.from(`const build = "${build}";\nconst files = ${list};\n${code}`));
}

async function compress(name, content) {
  const made = [];
  for (const [encoding, encode] of Object.entries(encoders)) {
    const smaller = await encode(content);
    if (smaller.length > content.length * 0.95) continue;
    await put(`${name}.${encoding}`, smaller);
    made.push(encoding);
  }
  return made;
}

async function put(name, content) {
  const path = join(target, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

const entries = await readdir(source, { recursive: true, withFileTypes: true });
const names = entries
  .filter((entry) => entry.isFile())
  .map((entry) => relative(source, join(entry.parentPath, entry.name)).split(sep).join("/"))
  .filter((name) => !unused(name))
  .sort();

await mkdir(target, { recursive: true });
for (const old of await readdir(target)) {
  if (old !== ".gitignore") await rm(join(target, old), { recursive: true });
}
const manifest = Object.fromEntries(await Promise.all(names.map(pack)));
const [workerPath, worker] = await packWorker(manifest);
manifest[workerPath] = worker;
await put("manifest.json", JSON.stringify(manifest, null, 1));
console.log(`${names.length} files in ${relative(process.cwd(), target)}`);
