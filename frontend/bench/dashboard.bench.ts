import { type Page } from "@playwright/test";
import { expect, test, type User } from "../e2e/fixtures";

const COUNT = 10_000;
const CHANGES = 50;

interface Measures {
  lcp: number;
  shift: number;
  longTasks: number[];
  frameAt: Record<string, number>;
  shownAt: Record<string, number>;
}

declare global {
  interface Window {
    measures: Measures;
  }
}

/** Runs in the page before anything else does. */
function observe() {
  const measures: Measures = { lcp: 0, shift: 0, longTasks: [], frameAt: {}, shownAt: {} };
  window.measures = measures;
  const on = (type: string, note: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  on("largest-contentful-paint", (entry) => (measures.lcp = entry.startTime));
  on("layout-shift", (entry) => (measures.shift += (entry as unknown as { value: number }).value));
  on("longtask", (entry) => measures.longTasks.push(entry.duration));

  // When the bytes of a frame come, and when what they say is in the document.
  const pattern = /live-change-\d+/g;
  const read = ReadableStreamDefaultReader.prototype.read;
  ReadableStreamDefaultReader.prototype.read = async function (this: ReadableStreamDefaultReader) {
    const chunk = await read.call(this);
    if (chunk.value instanceof Uint8Array)
      for (const [name] of new TextDecoder().decode(chunk.value).matchAll(pattern))
        measures.frameAt[name] ??= performance.now();
    return chunk;
  } as typeof read;
  new MutationObserver(() => {
    for (const [name] of (document.body?.innerText ?? "").matchAll(pattern))
      measures.shownAt[name] ??= performance.now();
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

async function fill(user: User) {
  for (let from = 0; from < COUNT; from += 100) {
    await user.batch(
      Array.from({ length: 100 }, (_, i) => ({ op: "create", task: { title: `Task number ${from + i}` } })),
    );
  }
}

const quantile = (values: number[], q: number) =>
  [...values].sort((a, b) => a - b).at(Math.floor((values.length - 1) * q)) ?? NaN;
const say = (what: string, value: string) => console.log(`| ${what} | ${value} |`);

async function load(page: Page) {
  await page.reload();
  await expect(page.getByRole("row").first()).toBeVisible();
  await expect(page.locator("[data-live=live]")).toBeVisible();
  return page.evaluate(() => ({ lcp: window.measures.lcp, shift: window.measures.shift }));
}

test("the dashboard with ten thousand tasks", async ({ user, context }) => {
  await context.addInitScript(observe);
  await user.create({ title: "The only task" });
  const page = await user.signIn(context);
  const few = [await load(page), await load(page), await load(page)];
  say(
    "largest contentful paint of three reloads, one task",
    `${few.map((m) => m.lcp.toFixed(0)).join(", ")} ms`,
  );
  say("layout shift", few.map((m) => m.shift.toFixed(4)).join(", "));

  await fill(user);
  const many = [await load(page), await load(page), await load(page)];
  say("the same with 10,000 tasks", `${many.map((m) => m.lcp.toFixed(0)).join(", ")} ms`);
  say("layout shift", many.map((m) => m.shift.toFixed(4)).join(", "));

  await page.evaluate(() => (window.measures.longTasks = []));
  await page.getByRole("row").first().hover();
  for (let i = 0; i < 200; i++) {
    await page.mouse.wheel(0, 2_000);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  const scrolled = await page.evaluate(() => window.measures.longTasks);
  say(
    "tasks of the main thread over 50 ms in 200 turns of the wheel",
    `${scrolled.length}, the longest ${Math.max(0, ...scrolled).toFixed(0)} ms`,
  );

  await load(page);
  const id = (await user.create({ title: "live-change-0" })).id;
  await page.waitForFunction(() => window.measures.shownAt["live-change-0"]);
  for (let i = 1; i <= CHANGES; i++) {
    await user.patch(id, { title: `live-change-${i}` });
    await page.waitForFunction((name) => window.measures.shownAt[name], `live-change-${i}`);
  }
  const applied = await page.evaluate(() =>
    Object.entries(window.measures.frameAt).map(([name, at]) => (window.measures.shownAt[name] ?? NaN) - at),
  );
  say(
    `a live change, from its frame to the document, of ${applied.length}`,
    `median ${quantile(applied, 0.5).toFixed(1)} ms, p95 ${quantile(applied, 0.95).toFixed(1)} ms, most ${Math.max(...applied).toFixed(1)} ms`,
  );
});
