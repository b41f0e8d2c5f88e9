import type { Page } from "@playwright/test";
import { expect, isLive, test } from "../e2e/fixtures";
import { longTexts } from "../src/testing/long-texts";
import { measure, openList, rowCount } from "./acts";
import { changes, many } from "./changing.acts";
import { arranging, searching } from "./arranging.acts";
import { describeTasks, mainThread } from "./main-thread";
import { describe, say, sayLoad, settled } from "./report";
import { fill, furnish } from "./sample";
import { inDetails } from "./steps";

const COUNT = 10_000;
const CHANGES = 50;

declare global {
  interface Window {
    frameAt: Record<string, number>;
    shownAt: Record<string, number>;
  }
}

/** Runs in the page before anything else does: notes when the bytes of a change come, and when it is in the document. */
function observe() {
  window.frameAt = {};
  window.shownAt = {};
  const pattern = /live-change-\d+/g;
  const note = (text: string, at: Record<string, number>) => {
    for (const [name] of text.matchAll(pattern)) at[name] ??= performance.now();
  };
  const read = ReadableStreamDefaultReader.prototype.read;
  ReadableStreamDefaultReader.prototype.read = async function (this: ReadableStreamDefaultReader) {
    const chunk = await read.call(this);
    if (typeof chunk.value === "string") note(chunk.value, window.frameAt);
    return chunk;
  } as typeof read;
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      if (target instanceof Text) note(target.data, window.shownAt);
      for (const node of addedNodes) note(node.textContent ?? "", window.shownAt);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

const sayTasks = async (page: Page, what: string, run: () => Promise<void>) =>
  say(what, describeTasks(await mainThread(page, run)));

test("long tasks, 10,000 tasks", async ({ user, context, other }) => {
  sayLoad();
  await context.addInitScript(observe);
  await user.create({ title: "The only task" });
  const page = await user.signIn(context);
  const whole = (p: Page) => expect(p.getByRole("grid")).toHaveAttribute("aria-rowcount", String(COUNT + 1));
  // Somebody's other device: ten thousand changes come by the stream, as fast as they can be made.
  await sayTasks(page, "10,000 tasks made elsewhere meanwhile", async () => {
    await fill(user, COUNT);
    await whole(page);
  });

  const fresh = await user.signIn(other, "/settings");
  await sayTasks(fresh, "a first load of 10,000 tasks in a browser that has none", async () => {
    await fresh.evaluate(async () => {
      for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name!);
    });
    await fresh.goto("/?view=all");
    await whole(fresh);
    await settled(fresh);
  });
  await fresh.close();

  await sayTasks(page, "a reload", async () => {
    await page.reload();
    await whole(page);
    await isLive(page);
    await settled(page);
  });
  await page.getByRole("row").first().hover();
  await sayTasks(page, "200 turns of the wheel, 2,000 pixels each", async () => {
    for (let i = 0; i < 200; i++) {
      await page.mouse.wheel(0, 2_000);
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
  });
  const field = page.getByRole("searchbox");
  await sayTasks(page, "a search, typed and cleared ten times", async () => {
    for (let i = 0; i < 10; i++) {
      await field.pressSequentially("number 77");
      await expect(page.getByRole("grid")).not.toHaveAttribute("aria-rowcount", String(COUNT + 1));
      await page.getByRole("button", { name: "Clear search" }).click();
      await whole(page);
    }
  });
  await sayTasks(page, "20 tasks completed, one after the other", async () => {
    for (let i = 0; i < 20; i++) {
      await page.locator("[data-task]").nth(3).focus();
      await page.keyboard.press("c");
      await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", String(COUNT - i));
    }
    await settled(page);
  });

  await page.reload();
  await isLive(page);
  await settled(page);
  const id = (await page.getByRole("row").first().getAttribute("data-task"))!;
  await sayTasks(page, "50 changes by another device", async () => {
    for (let i = 1; i <= CHANGES; i++) {
      await user.patch(id, { title: `live-change-${i}` });
      await page.waitForFunction((name) => window.shownAt[name], `live-change-${i}`);
    }
  });
  const applied = await page.evaluate(() =>
    Object.entries(window.frameAt).map(([name, at]) => (window.shownAt[name] ?? NaN) - at),
  );
  say("such a change, from its frame to the document", describe(applied));
  sayLoad();
});

test("long tasks, descriptions of 20,000 characters", async ({ user, context }) => {
  sayLoad();
  for (const [title, description] of Object.entries(longTexts)) await user.create({ title, description });
  const page = await user.signIn(context);
  for (const title of Object.keys(longTexts)) {
    await sayTasks(page, `${title} in a description`, async () => {
      await inDetails(title)(page);
      await settled(page);
    });
  }
  await inDetails("checkboxes")(page);
  await settled(page);
  await sayTasks(page, "20 of its checkboxes ticked", async () => {
    for (let i = 0; i < 20; i++) {
      await page.locator("aside label input").nth(i).check();
      await settled(page);
    }
  });
});

const rows = /^10\d{3}$/;

test("changing, 10,000 tasks", async ({ user, context }) => {
  await furnish(user, COUNT);
  const page = await user.signIn(context);
  const open = () => openList(page, "/?view=all&sort=title", rows);
  await open();
  const id = (await page.locator("[data-task]").nth(1).getAttribute("data-task"))!;
  await measure(page, open, changes(`[data-task="${id}"]`));
});

test("changing many, of 10,000 tasks", async ({ user, context }) => {
  await furnish(user, COUNT);
  const page = await user.signIn(context);
  const open = () => openList(page, "/?view=all&sort=title", rows);
  await open();
  await measure(page, open, many(await rowCount(page)), 5);
});

test("arranging, 10,000 tasks", async ({ user, context }) => {
  await furnish(user, COUNT);
  const page = await user.signIn(context);
  await measure(page, () => openList(page, "/?view=all", rows), await arranging(page));
});

test("searching, 10,000 tasks", async ({ user, context }) => {
  await furnish(user, COUNT);
  const page = await user.signIn(context);
  await measure(page, () => openList(page, "/?view=all", rows), await searching(page));
});
