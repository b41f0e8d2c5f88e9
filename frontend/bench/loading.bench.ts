import type { Page } from "@playwright/test";
import { expect, isLive, test } from "../e2e/fixtures";
import { longestOf, mainThread } from "./main-thread";
import { describe, say, sayLoad, settled } from "./report";
import { fill } from "./sample";

const ROUNDS = 10;

declare global {
  interface Window {
    paints: { largest: number; shift: number };
  }
}

/** Runs in the page before anything else does. */
function observe() {
  const paints = (window.paints = { largest: 0, shift: 0 });
  const on = (type: string, note: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  on("largest-contentful-paint", (entry) => (paints.largest = entry.startTime));
  on("layout-shift", (entry) => (paints.shift += (entry as unknown as { value: number }).value));
}

/** Neither the files of a build nor tasks are in the browser any more; its session is. */
async function empty(page: Page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.clearBrowserCache");
  await cdp.send("Storage.clearDataForOrigin", {
    origin: new URL(page.url()).origin,
    storageTypes: "indexeddb,cache_storage,service_workers",
  });
  await cdp.detach();
}

/** Loads a page again and again, with and without what the browser keeps of it. */
async function measure(page: Page, what: string, path: string, shown: () => Promise<unknown>) {
  for (const cache of ["empty", "full"]) {
    const largest: number[] = [];
    const tasks: number[] = [];
    let shift = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await page.goto("/icon.svg");
      if (cache === "empty") await empty(page);
      const thread = await mainThread(page, async () => {
        await page.goto(path);
        await shown();
        await settled(page);
      });
      tasks.push(longestOf(thread));
      const paints = await page.evaluate(() => window.paints);
      largest.push(paints.largest);
      shift = Math.max(shift, paints.shift);
    }
    say(
      what,
      `${cache} cache`,
      describe(largest),
      `longest task: ${describe(tasks)}`,
      `shift ${shift.toFixed(4)}`,
    );
  }
}

test("loading the page to sign in", async ({ context }) => {
  sayLoad();
  await context.addInitScript(observe);
  const page = await context.newPage();
  await measure(page, "/sign-in", "/sign-in", () =>
    expect(page.getByRole("button", { name: "Sign in" })).toBeVisible(),
  );
});

for (const count of [2_000, 10_000])
  test(`loading ${count} tasks`, async ({ user, context }) => {
    sayLoad();
    await fill(user, count);
    await context.addInitScript(observe);
    const page = await user.signIn(context);
    await measure(page, `${count} tasks`, "/?view=all", async () => {
      await isLive(page);
      await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", String(count));
    });
  });
