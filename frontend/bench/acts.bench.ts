import type { Page } from "@playwright/test";
import { expect, isLive, test } from "../e2e/fixtures";
import { keyToPaint, type Sign } from "./key-to-paint";
import { describe, fill, say, sayLoad, settled } from "./report";

const COUNT = 2_000;
const ROUNDS = 14;

interface Act {
  press: () => Promise<void>;
  sign: Sign;
}

/** Prepares and does an act again and again, and says how long each took until it was painted. */
async function measure(page: Page, what: string, prepare: (round: number) => Promise<Act>, rounds = ROUNDS) {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { press, sign } = await prepare(round);
    took.push(await keyToPaint(page, press, sign));
  }
  say(what, describe(took));
}

const focusRow = (page: Page, place = 1) => page.locator("[data-task]").nth(place).focus();
const gone = (page: Page, selector: string) => expect(page.locator(selector)).toHaveCount(0);

async function list(page: Page, path: string) {
  await page.goto(path);
  await isLive(page);
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", /^2\d{3}$/);
  await settled(page);
}

const even = (round: number) => round % 2 === 0;

test("from a key to the paint of what it does", async ({ user, context }) => {
  sayLoad();
  await fill(user, COUNT);
  const page = await user.signIn(context);
  const keys = page.keyboard;
  await list(page, "/?view=all&sort=title");
  const id = (await page.locator("[data-task]").nth(1).getAttribute("data-task"))!;
  const task = `[data-task="${id}"]`;

  const option = { selector: "[role=dialog] [role=option]" };
  for (const [what, key] of [
    ["the palette", "ControlOrMeta+k"],
    ["the picker of a due date", "d"],
    ["of a priority", "f"],
    ["of a project", "p"],
    ["of a tag", "t"],
    ["of a repetition", "r"],
    ["of a reminder", "b"],
    ["of another place", "m"],
  ] as const) {
    await measure(page, `open ${what}`, async () => {
      await keys.press("Escape");
      await gone(page, "[role=dialog]");
      await focusRow(page);
      return { press: () => keys.press(key), sign: option };
    });
  }
  await keys.press("Escape");
  await gone(page, "[role=dialog]");

  const details = "aside[aria-label^=Details]";
  await measure(
    page,
    "open the details",
    async () => {
      await focusRow(page);
      return { press: () => keys.press("Enter"), sign: { selector: `${details} textarea` } };
    },
    1,
  );
  await measure(page, "close and open the details, in turn", async (round) => ({
    press: () => keys.press(even(round) ? "Escape" : "Enter"),
    sign: { selector: `${details} textarea`, gone: even(round) },
  }));
  await keys.press("Escape");

  await focusRow(page);
  await measure(page, "select a task, and not, in turn", async (round) => ({
    press: () => keys.press("x"),
    sign: { selector: `${task}[aria-selected=true]`, gone: !even(round) },
  }));
  await measure(page, "set a priority by its key, and undo, in turn", async (round) => {
    await focusRow(page);
    return {
      press: () => keys.press(even(round) ? "1" : "z"),
      sign: { selector: `${task} .border-urgent`, gone: !even(round) },
    };
  });
  await measure(page, "complete a task, and undo, in turn", async (round) => {
    await focusRow(page);
    return {
      press: () => keys.press(even(round) ? "c" : "z"),
      sign: { selector: `${task} [aria-checked=false]`, gone: even(round) },
    };
  });
  await measure(page, "delete a task, and undo, in turn", async (round) => {
    await focusRow(page);
    return {
      press: () => keys.press(even(round) ? "Delete" : "z"),
      sign: { selector: task, gone: even(round) },
    };
  });
  await measure(page, "add a task", async (round) => {
    await page.getByLabel("New task").fill(`0 added ${round}.`);
    return { press: () => keys.press("Enter"), sign: { selector: "[data-task]", text: `0 added ${round}.` } };
  });

  const search = page.getByRole("searchbox");
  await search.fill("Task number");
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", String(COUNT));
  await measure(page, "search: a digit, and back, in turn", async (round) => {
    await search.press("End");
    return {
      press: () => keys.press(even(round) ? "7" : "Backspace"),
      sign: { selector: `[role=grid][aria-rowcount="${COUNT}"]`, gone: even(round) },
    };
  });
  await search.fill("");
  sayLoad();
});
