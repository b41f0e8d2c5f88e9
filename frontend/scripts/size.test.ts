import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "taskwire-size-"));
  cpSync("scripts/size.mjs", join(root, "frontend/scripts/size.mjs"));
});

afterEach(() => rmSync(root, { recursive: true }));

/** What the script says about a build with these files, and its exit code. */
function measure(files: Record<string, string>, ...args: string[]) {
  const dist = join(root, "functions/dashboard/dist");
  mkdirSync(dist, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dist, name), content);
  const { status, stdout } = spawnSync(process.execPath, [join(root, "frontend/scripts/size.mjs"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout: stdout.trim() };
}

const page = '<script src="/a.js"></script><script src="/old.js" nomodule></script>';

test("a page within the budget", () => {
  expect(measure({ "index.html": page, "a.js": "a()" }, "--built")).toEqual({
    status: 0,
    stdout: "size: 1 scripts, 0.0 kB gzipped of 250 kB",
  });
});

test("a page that loads too much", () => {
  const random = Array.from({ length: 400_000 }, () => Math.random().toString(36)[2]).join("");
  expect(measure({ "index.html": page, "a.js": random }).status).toBe(1);
});

test("a page in which no script is found", () => {
  expect(measure({ "index.html": "<script>inline()</script>" })).toEqual({
    status: 1,
    stdout: "size: index.html loads no scripts",
  });
});

test("nothing is built, which is right unless there should be a build", () => {
  expect(measure({})).toEqual({ status: 0, stdout: "size: nothing is built" });
  expect(measure({}, "--built")).toEqual({ status: 1, stdout: "size: nothing is built" });
});
