import { expect } from "../e2e/fixtures";
import type { Act } from "./acts";
import { fullTask } from "./sample";
import { all, button, closed, inDetails, item, key, onRow, typed } from "./steps";

const option = { selector: "[role=dialog] [role=option]" };
const menu = { selector: "[role=menu] [role^=menuitem]" };
const dialog = { selector: "[role=dialog]" };
const released = { released: true };
const panel = "aside[aria-label^=Details]";

const picker = (what: string, name: string): Act => ({
  name: `open the picker of ${what}`,
  from: onRow(1),
  press: key(name),
  shows: option,
});

const inPalette = (text: string) =>
  all(onRow(1), key("ControlOrMeta+k"), async (page) => {
    await expect(page.getByRole("dialog").getByRole("option").first()).toBeVisible();
    await page.keyboard.type(text);
    await expect(page.getByRole("option", { name: `Task ${text}` }).first()).toBeVisible();
  });

export const opening: Act[] = [
  { name: "open the palette", from: onRow(1), press: key("ControlOrMeta+k"), shows: option },
  {
    name: "type a digit in the palette",
    from: inPalette("number 7"),
    press: key("7"),
    shows: { ...option, text: "number 77" },
  },
  picker("a due date", "d"),
  picker("a priority", "f"),
  picker("a project", "p"),
  picker("a tag", "t"),
  picker("a repetition", "r"),
  picker("a reminder", "b"),
  picker("another place", "m"),
  {
    name: "open the help about keys",
    from: onRow(1),
    press: key("?"),
    shows: { selector: "[role=dialog] dl kbd" },
  },
  { name: "open the menu of priorities", from: closed, press: button("Filter by priority"), shows: menu },
  { name: "open the menu of the order", from: closed, press: button(/^Sort by/), shows: menu },
  { name: "open the menu of the display", from: closed, press: button("Display"), shows: menu },
  {
    name: "open the dialog of a new view",
    from: all(closed, button("Display")),
    press: item("Save as view"),
    shows: { ...dialog, ...released },
  },
  {
    name: "open the dialog of a new project",
    from: closed,
    press: button("New project"),
    shows: { ...dialog, ...released },
  },
  { name: "open the menu of a project", from: closed, press: button("Actions for House"), shows: menu },
  { name: "open the account menu", from: closed, press: button(/Account menu/), shows: menu },
  {
    name: "open the notifications",
    from: closed,
    press: button(/^Notifications/),
    shows: { ...dialog, ...released },
  },
  {
    name: "open the filter",
    from: closed,
    press: button("Filter"),
    shows: { selector: "input[aria-label=Filter]", ...released },
  },
  {
    name: "close the filter",
    press: button("Remove filter"),
    shows: { selector: "input[aria-label=Filter]", gone: true, ...released },
  },
  { name: "open the details", from: onRow(5), press: key("Enter"), shows: { selector: `${panel} textarea` } },
  { name: "close the details", press: key("Escape"), shows: { selector: panel, gone: true } },
  {
    name: "open other details, by a click",
    from: inDetails("Room number 2"),
    press: (page) => page.locator("[data-task]").filter({ hasText: "Room number 3" }).first().click(),
    shows: { selector: `aside[aria-label="Details of Room number 3"]`, ...released },
  },
  {
    name: "open the details of a task with 50 subtasks",
    from: onRow(0),
    press: key("Enter"),
    shows: { selector: `aside[aria-label="Details of ${fullTask}"] li`, text: "Step number 0" },
  },
  {
    name: "open the details of a task with 50 subtasks, until the last of them",
    from: onRow(0),
    press: key("Enter"),
    shows: { selector: `aside[aria-label="Details of ${fullTask}"] li`, text: "Step number 49" },
  },
  {
    name: "open the details with 20 comments, until the last of them, from the server",
    from: onRow(0),
    press: key("Enter"),
    shows: { selector: `aside[aria-label="Details of ${fullTask}"] li`, text: "Comment number 19" },
  },
  {
    name: "open the calendar of a due date in the details",
    from: inDetails("Room number 3"),
    press: button(/^Due:/),
    shows: { selector: "[role=dialog] [role=grid]", ...released },
  },
  {
    name: "open the menu in the details",
    from: inDetails("Room number 3"),
    press: button("More"),
    shows: menu,
  },
];

const field = (label: string) => `[aria-label="${label}"]`;
const newTask = field("New task");

/** A letter at the end of what is in a field; it shows there, or what it leads to does. */
const letter = (
  name: string,
  from: Act["from"],
  selector: string,
  text: string,
  shows?: Act["shows"],
): Act => ({
  name,
  from: all(from ?? closed, async (page) => {
    await page.locator(selector).first().fill(text.slice(0, -1));
    await page.locator(selector).first().press("End");
  }),
  press: typed(text.slice(-1)),
  shows: shows ?? { selector, value: text },
});

/** The description of a task is being edited. */
const editing = all(inDetails("Room number 3"), async (page) => {
  const edit = page.getByRole("button", { name: "Edit description" });
  if ((await edit.count()) > 0) await edit.click();
});

export const typing: Act[] = [
  letter("a letter of a new task", closed, newTask, "Call the bank"),
  letter("the letter that makes a date of it", closed, newTask, "Call the bank tomorrow", {
    selector: "form ul li",
    text: "Tomorrow",
  }),
  letter("the sign that offers the projects", closed, newTask, "Call the bank #", {
    selector: "#quick-add-names [role=option]",
  }),
  letter("a letter of a project's name", closed, newTask, "Call the bank #h", {
    selector: "#quick-add-names [role=option]",
    text: "Project 3",
    gone: true,
  }),
  letter(
    "a letter of a title in the details",
    inDetails("Room number 3"),
    `${panel} ${field("Title")}`,
    "Room number 3!",
  ),
  letter("a letter of a description", editing, `${panel} textarea${field("Description")}`, "Some text"),
  letter(
    "a letter of a comment",
    inDetails("Room number 3"),
    `${panel} ${field("Write a comment")}`,
    "Some text",
  ),
  letter(
    "a letter of a subtask",
    inDetails("Room number 3"),
    `${panel} ${field("New subtask")}`,
    "Some text",
  ),
];
