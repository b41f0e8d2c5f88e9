import type { Page } from "@playwright/test";
import { expect } from "../e2e/fixtures";
import type { Act } from "./acts";
import { fullTask } from "./sample";
import { all, closed, inDetails, key, onRow, sent } from "./steps";

const released = { released: true };

let made = 0;

export const changes = (task: string): Act[] => {
  const there = { selector: task };
  const gone = { selector: task, gone: true };
  const urgent = { selector: `${task} .border-urgent` };
  return [
    {
      name: "move the focus to the next task",
      from: onRow(0),
      press: key("j"),
      shows: { selector: `${task}[tabindex="0"]` },
    },
    {
      name: "select a task",
      from: onRow(1),
      press: key("x"),
      shows: { selector: `${task}[aria-selected=true]` },
    },
    { name: "unselect it", press: key("x"), shows: { selector: `${task}[aria-selected=false]` } },
    { name: "set a priority", from: onRow(1), press: key("1"), shows: urgent },
    { name: "undo that", press: key("z"), shows: { ...urgent, gone: true } },
    { name: "redo it", press: key("Shift+Z"), shows: urgent },
    { name: "undo it again", press: key("z"), shows: { ...urgent, gone: true }, then: sent },
    { name: "complete a task", from: onRow(1), press: key("c"), shows: gone },
    { name: "undo that", press: key("z"), shows: there, then: sent },
    {
      name: "complete a task with the mouse",
      from: closed,
      press: (page) => page.locator(`${task} [role=checkbox]`).click(),
      shows: { ...gone, ...released },
    },
    { name: "undo that", press: key("z"), shows: there, then: sent },
    { name: "delete a task", from: onRow(1), press: key("Delete"), shows: gone },
    { name: "undo that", press: key("z"), shows: there, then: sent },
    {
      name: "rename a task",
      from: all(onRow(1), key("e", "End"), (page) => page.keyboard.type(` x${++made}`)),
      press: key("Enter"),
      shows: () => ({ selector: `${task} > [role=gridcell] > span`, text: ` x${made}` }),
    },
    {
      name: "undo that",
      press: key("z"),
      shows: () => ({ selector: `${task} > [role=gridcell] > span`, text: ` x${made}`, gone: true }),
      then: sent,
    },
    {
      name: "add a task",
      from: all(closed, (page) => page.getByLabel("New task").fill(`0 added ${++made}.`)),
      press: key("Enter"),
      shows: () => ({ selector: "[data-task]", text: `0 added ${made}.` }),
      then: sent,
    },
    {
      name: "delete it",
      from: onRow(0),
      press: key("Delete"),
      shows: () => ({ selector: "[data-task]", text: `0 added ${made}.`, gone: true }),
      then: sent,
    },
  ];
};

const panel = `aside[aria-label="Details of ${fullTask}"]`;
const step = (title: string) => `[aria-label="Complete ${title}"]`;

export const inTheDetails: Act[] = [
  {
    name: "complete a subtask in the details",
    from: inDetails(fullTask),
    press: (page) => page.locator(`${panel} ${step("Step number 3")}`).click(),
    shows: { selector: `${panel} ${step("Step number 3")}[aria-checked=true]`, ...released },
  },
  {
    name: "reopen it",
    press: (page) => page.locator(`${panel} ${step("Step number 3")}`).click(),
    shows: { selector: `${panel} ${step("Step number 3")}[aria-checked=false]`, ...released },
    then: sent,
  },
  {
    name: "send a comment",
    from: (page) => page.getByLabel("Write a comment").fill(`Comment ${++made}`),
    press: key("Control+Enter"),
    shows: () => ({ selector: `${panel} li`, text: `Comment ${made}` }),
    then: all(sent, async (page) => {
      await page
        .locator(panel)
        .getByRole("button", { name: /^Delete the comment/ })
        .last()
        .click();
      await sent(page);
    }),
  },
];

const scrollTo = (page: Page, top: number) =>
  page.getByRole("grid").evaluate((element, to) => (element.parentElement!.scrollTop = to), top);

/** The first 50 tasks of the list are selected. */
async function selectFifty(page: Page) {
  const [first, last] = [1, 50].map((place) => page.locator(`[data-task][aria-rowindex="${place}"]`));
  await closed(page);
  await scrollTo(page, 0);
  await first!.focus();
  await page.keyboard.press("x");
  await scrollTo(page, 1500);
  await last!.click({ modifiers: ["Shift"] });
  await expect(page.getByRole("toolbar", { name: "50 selected" })).toBeVisible();
}

async function selectAll(page: Page) {
  await onRow(0)(page);
  await page.keyboard.press("ControlOrMeta+a");
  await expect(page.getByRole("toolbar", { name: /^[\d,]+ selected/ })).toBeVisible();
}

/** Acts on the first 50 tasks and on all of a list of so many. */
export const many = (count: number): Act[] => {
  const grid = (rows: number) => ({ selector: `[role=grid][aria-rowcount="${rows}"]` });
  const high = { selector: "[role=grid] .border-high" };
  const acts = (what: string, select: Act["from"], rest: Act["shows"]): Act[] => [
    { name: `set the priority of ${what}`, from: select, press: key("2"), shows: high, then: sent },
    { name: "undo that", press: key("z"), shows: { ...high, gone: true }, then: all(sent, key("Escape")) },
    { name: `complete ${what}`, from: select, press: key("c"), shows: rest, then: sent },
    { name: "undo that", press: key("z"), shows: grid(count), then: sent },
    { name: `delete ${what}`, from: select, press: key("Delete"), shows: rest, then: sent },
    { name: "undo that", press: key("z"), shows: grid(count), then: sent },
  ];
  return [
    ...acts("50 tasks", selectFifty, grid(count - 50)),
    {
      name: "select all tasks",
      from: onRow(0),
      press: key("ControlOrMeta+a"),
      shows: { selector: "[role=toolbar]" },
    },
    { name: "unselect them", press: key("Escape"), shows: { selector: "[role=toolbar]", gone: true } },
    ...acts("all tasks", selectAll, { selector: "[role=grid]", gone: true }),
  ];
};
