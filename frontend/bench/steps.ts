import type { Page } from "@playwright/test";
import { expect } from "../e2e/fixtures";

// What acts begin with, and the presses that they are.

type Step = (page: Page) => Promise<unknown>;

export const key =
  (...names: string[]): Step =>
  async (page) => {
    for (const name of names) await page.keyboard.press(name);
  };

export const typed =
  (text: string): Step =>
  (page) =>
    page.keyboard.type(text);

export const all =
  (...steps: Step[]): Step =>
  async (page) => {
    for (const step of steps) await step(page);
  };

export const button =
  (name: string | RegExp): Step =>
  (page) =>
    page
      .getByRole("button", { name, exact: typeof name === "string" })
      .first()
      .click();

export const item =
  (name: string | RegExp): Step =>
  (page) =>
    page.getByRole("menuitem", { name }).or(page.getByRole("menuitemradio", { name })).first().click();

/** Nothing is open over the page, and no task's details. */
export const closed: Step = async (page) => {
  const open = page.locator("[role=dialog], [role=menu], aside[data-panel]");
  while ((await open.count()) > 0) {
    await page.keyboard.press("Escape");
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
};

/** Nothing is open, and the row at a place in the list has the focus. */
export const onRow = (place: number): Step =>
  all(closed, (page) => page.locator("[data-task]").nth(place).focus());

/** The details of a task of the list are open. */
export const inDetails = (title: string): Step =>
  all(closed, async (page) => {
    await page.locator("[data-task]").filter({ hasText: title }).first().click();
    await expect(page.locator(`aside[aria-label="Details of ${title}"]`)).toBeVisible();
  });

/** All changes have been answered: there is none in the outbox. */
export const sent: Step = (page) =>
  page.waitForFunction(async () => {
    const { id } = JSON.parse(localStorage.getItem("taskwire.account") ?? "{}") as { id?: string };
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error("no database"));
      });
    const db = await done(indexedDB.open(`taskwire.${id}`));
    const left = await done(db.transaction("outbox").objectStore("outbox").count());
    db.close();
    return left === 0;
  });
