import type { Page } from "@playwright/test";
import { add, expect, isLive, row, test } from "../e2e/fixtures";
import { describeTasks, mainThread } from "./main-thread";
import { describe, fill, say, sayLoad, settled } from "./report";

const COUNT = 10_000;
const CHANGES = 50;
const ROUNDS = 20;

interface Measures {
  lcp: number;
  shift: number;
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
  const measures: Measures = { lcp: 0, shift: 0, frameAt: {}, shownAt: {} };
  window.measures = measures;
  const on = (type: string, note: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  on("largest-contentful-paint", (entry) => (measures.lcp = entry.startTime));
  on("layout-shift", (entry) => (measures.shift += (entry as unknown as { value: number }).value));

  // When the bytes of a frame come, and when what they say is in the document.
  const pattern = /live-change-\d+/g;
  const note = (text: string, at: Record<string, number>) => {
    for (const [name] of text.matchAll(pattern)) at[name] ??= performance.now();
  };
  const read = ReadableStreamDefaultReader.prototype.read;
  ReadableStreamDefaultReader.prototype.read = async function (this: ReadableStreamDefaultReader) {
    const chunk = await read.call(this);
    if (typeof chunk.value === "string") note(chunk.value, measures.frameAt);
    return chunk;
  } as typeof read;
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      if (target instanceof Text) note(target.data, measures.shownAt);
      for (const node of addedNodes) note(node.textContent ?? "", measures.shownAt);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

async function load(page: Page) {
  await page.reload();
  await expect(page.getByRole("row").first()).toBeVisible();
  await isLive(page);
  return page.evaluate(() => ({ lcp: window.measures.lcp, shift: window.measures.shift }));
}

const sayLoads = (what: string, loads: { lcp: number; shift: number }[]) => {
  say(`largest contentful paint, ${what}, three reloads`, loads.map((m) => m.lcp.toFixed(0)).join(", "));
  say("layout shift", loads.map((m) => m.shift.toFixed(4)).join(", "));
};

test("the dashboard with ten thousand tasks", async ({ user, context, other }) => {
  sayLoad();
  await context.addInitScript(observe);
  await user.create({ title: "The only task" });
  const page = await user.signIn(context);
  sayLoads("one task", [await load(page), await load(page), await load(page)]);
  // Somebody's other device: ten thousand changes come by the stream, as fast as they can be made.
  say(
    "10,000 tasks made elsewhere meanwhile",
    describeTasks(
      await mainThread(page, async () => {
        await fill(user, COUNT);
        await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", String(COUNT + 1));
      }),
    ),
  );

  const fresh = await user.signIn(other, "/settings");
  say(
    "a first load of 10,000 tasks in a browser that has none",
    describeTasks(
      await mainThread(fresh, async () => {
        await fresh.evaluate(async () => {
          for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name!);
        });
        await fresh.goto("/?view=all");
        await expect(fresh.getByRole("grid")).toHaveAttribute("aria-rowcount", String(COUNT + 1));
        await settled(fresh);
      }),
    ),
  );
  await fresh.close();

  sayLoads("10,000 tasks", [await load(page), await load(page), await load(page)]);
  say(
    "a reload with 10,000 tasks",
    describeTasks(
      await mainThread(page, async () => {
        await load(page);
        await settled(page);
      }),
    ),
  );

  await page.getByRole("row").first().hover();
  say(
    "200 turns of the wheel, 2,000 pixels each",
    describeTasks(
      await mainThread(page, async () => {
        for (let i = 0; i < 200; i++) {
          await page.mouse.wheel(0, 2_000);
          await page.evaluate(() => new Promise(requestAnimationFrame));
        }
      }),
    ),
  );

  await load(page);
  await settled(page);
  const id = (await page.getByRole("row").first().getAttribute("data-task"))!;
  for (let i = 1; i <= CHANGES; i++) {
    await user.patch(id, { title: `live-change-${i}` });
    await page.waitForFunction((name) => window.measures.shownAt[name], `live-change-${i}`);
  }
  const applied = await page.evaluate(() =>
    Object.entries(window.measures.frameAt).map(([name, at]) => (window.measures.shownAt[name] ?? NaN) - at),
  );
  say("a live change, from its frame to the document", describe(applied));
  sayLoad();
});

test("what one device does is seen on another", async ({ user, context, other }) => {
  sayLoad();
  const one = await user.signIn(context);
  const two = await user.signIn(other);
  const took: Record<string, number[]> = { create: [], edit: [], complete: [], delete: [], reorder: [] };
  const time = async (what: string, act: () => Promise<void>, seen: () => Promise<void>) => {
    const began = performance.now();
    await Promise.all([act(), seen().then(() => took[what]!.push(performance.now() - began))]);
  };
  const first = (title: string) => expect(two.getByRole("row").first()).toContainText(title);
  await add(one, "At the bottom");
  await expect(row(two, "At the bottom")).toBeVisible();
  for (let i = 0; i < ROUNDS; i++) {
    const title = `Number ${i}.`;
    await time(
      "create",
      () => add(one, title),
      () => row(two, title).waitFor(),
    );
    await row(one, title).dblclick();
    await one.getByRole("grid").getByLabel("Title").fill(`${title} Edited`);
    await time(
      "edit",
      () => one.keyboard.press("Enter"),
      () => row(two, `${title} Edited`).waitFor(),
    );
    await row(one, title).focus();
    await time(
      "reorder",
      () => one.keyboard.press("Alt+ArrowDown"),
      () => first("At the bottom"),
    );
    await one.keyboard.press("Alt+ArrowUp");
    await first(title);
    const done = i % 2 === 0 ? "complete" : "delete";
    await time(
      done,
      () =>
        done === "complete" ? row(one, title).getByRole("checkbox").click() : one.keyboard.press("Delete"),
      () => row(two, title).waitFor({ state: "detached" }),
    );
  }
  for (const [what, ms] of Object.entries(took))
    say(`${what}: from the hand to another browser`, describe(ms));
  sayLoad();
});
