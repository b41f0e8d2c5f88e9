// Fails if a first visit to the tasks would load too much JavaScript. It reads the packed build, which may be missing unless --built
// says that there is one.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const budget = 250_000;
const dist = new URL("../../functions/dashboard/dist/", import.meta.url);
let html;
try {
  html = readFileSync(new URL("index.html", dist), "utf8");
} catch {
  console.log("size: nothing is built");
  process.exit(process.argv.includes("--built") ? 1 : 0);
}
const scripts = new Set(
  [...html.matchAll(/<script[^>]*\ssrc="\/([^"]+\.js)"(?![^>]*\snomodule)/gi)].map((match) => match[1]),
);
if (scripts.size === 0) {
  console.log("size: index.html loads no scripts");
  process.exit(1);
}
let total = 0;
for (const script of scripts) total += gzipSync(readFileSync(new URL(script, dist)), { level: 9 }).length;
console.log(`size: ${scripts.size} scripts, ${(total / 1000).toFixed(1)} kB gzipped of ${budget / 1000} kB`);
if (total > budget) process.exit(1);
