import type { Page } from "@playwright/test";
import { expect } from "../e2e/fixtures";
import { type Act, rowCount } from "./acts";
import { settled } from "./report";
import { house } from "./sample";
import { all, button, closed, item, key, onRow, sent, typed } from "./steps";

const released = { released: true };

/** What tells the list of an address from another: its rows that can be seen. */
async function looks(page: Page, path: string) {
  await page.goto(path);
  await settled(page);
  return page.locator("[role=grid] [role=row]").evaluateAll((all) =>
    all.map((row) => ({
      at: row.getAttribute("aria-rowindex"),
      id: row.getAttribute("data-task"),
      text: row.textContent,
    })),
  );
}

/** The sign that the list of one address has taken the place of that of another. */
async function changed(page: Page, from: string, to: string) {
  const [before, after] = [await looks(page, from), await looks(page, to)];
  const row = after.find(({ id, text }, i) => id !== before[i]?.id || text !== before[i]?.text)!;
  const selector = `[role=grid] [aria-rowindex="${row.at}"]`;
  return row.id
    ? { selector: `${selector}[data-task="${row.id}"]`, ...released }
    : { selector: `${selector}:not([data-task])`, text: row.text, ...released };
}

const menu = (name: string | RegExp) => all(closed, button(name));

export async function arranging(page: Page): Promise<Act[]> {
  const list = "/?view=all";
  const by = async (name: string, sort: string): Promise<Act[]> => [
    {
      name: `sort by ${name.toLowerCase()}`,
      from: menu(/^Sort by/),
      press: item(name),
      shows: await changed(page, list, `${list}&sort=${sort}`),
    },
    {
      name: "and by hand again",
      from: menu(/^Sort by/),
      press: item("Manual"),
      shows: await changed(page, `${list}&sort=${sort}`, list),
    },
  ];
  const in_ = async (name: string, group: string): Promise<Act[]> => [
    {
      name: `group by ${name.toLowerCase()}`,
      from: menu("Display"),
      press: item(name),
      shows: await changed(page, list, `${list}&group=${group}`),
    },
    {
      name: "and not again",
      from: menu("Display"),
      press: item("Default"),
      shows: await changed(page, `${list}&group=${group}`, list),
    },
  ];
  const card = "[role=group][aria-label^=Board] [data-task]";
  const calendar = "ol li [data-task]";
  let title = "";
  const month = (name: string, step: string): Act => ({
    name,
    from: async () => (title = (await page.locator("h2[aria-live]").textContent())!),
    press: button(step),
    shows: () => ({ selector: `h2[aria-live]:not(:empty)`, text: title, gone: true, ...released }),
  });
  return [
    ...(await by("Due date", "due_at")),
    ...(await by("Priority", "priority")),
    ...(await by("Title", "title")),
    ...(await in_("Project", "project")),
    ...(await in_("Tag", "tag")),
    ...(await in_("Due date", "due")),
    {
      name: "switch to the board",
      from: menu("Display"),
      press: item("Board"),
      shows: { selector: card, ...released },
    },
    ...onBoard(),
    {
      name: "switch to the calendar",
      from: menu("Display"),
      press: item("Calendar"),
      shows: { selector: calendar, ...released },
    },
    month("show the next month", "Next month"),
    month("show the month before", "Previous month"),
    month("show a week", "Week"),
    month("show the month", "Month"),
    {
      name: "switch to the list",
      from: menu("Display"),
      press: item("List"),
      shows: { selector: "[role=grid] [data-task]", ...released },
    },
    ...byHand(),
  ];
}

/** Moves a card from the second column to the third, by its menu and with the mouse. */
function onBoard(): Act[] {
  const column = (place: number) => `[role=group][aria-label^=Board] > section:nth-child(${place})`;
  const first = (place: number) => `${column(place)} [data-task] >> nth=0`;
  let id = "";
  const card = (place: number) => () => ({ selector: `${column(place)} [data-task="${id}"]` });
  const moved = () => ({ ...card(3)(), ...released });
  const look = async (p: Page) => void (id = (await p.locator(first(2)).getAttribute("data-task"))!);
  const undo = { name: "undo that", press: key("z"), shows: card(2), then: sent };
  return [
    {
      name: "move a card to another column by its menu",
      from: all(closed, look, (p) => p.locator(`${first(2)} >> button[aria-label^=Move]`).click()),
      press: item("Project 1"),
      shows: moved,
    },
    undo,
    {
      name: "drop a card that was dragged to another column",
      from: all(closed, look, async (p) => {
        const [from, to] = [await p.locator(first(2)).boundingBox(), await p.locator(first(3)).boundingBox()];
        await p.mouse.move(from!.x + 60, from!.y + 5);
        await p.mouse.down();
        await p.mouse.move(from!.x + 80, from!.y + 20, { steps: 4 });
        await p.mouse.move(to!.x + 60, to!.y + 20, { steps: 8 });
      }),
      press: (p) => p.mouse.up(),
      shows: moved,
    },
    undo,
  ];
}

/** Moves in the manual order. */
function byHand(): Act[] {
  let id = "";
  const at = (index: number) => () => ({ selector: `[data-task="${id}"][aria-rowindex="${index}"]` });
  const second = all(onRow(1), async (page) => {
    id = (await page.locator("[data-task]").nth(1).getAttribute("data-task"))!;
  });
  return [
    { name: "move a task down, by a key", from: second, press: key("Alt+ArrowDown"), shows: at(3) },
    { name: "undo that", press: key("z"), shows: at(2), then: sent },
    {
      name: "drop a task that was dragged",
      from: all(second, async (page) => {
        const box = (await page.locator(`[data-task="${id}"] [data-grip]`).boundingBox())!;
        await page.locator(`[data-task="${id}"]`).hover();
        await page.mouse.move(box.x + 5, box.y + box.height / 2);
        await page.mouse.down();
        await page.mouse.move(box.x + 20, box.y + 4.9 * box.height, { steps: 10 });
      }),
      press: (page) => page.mouse.up(),
      shows: () => ({ ...at(6)(), ...released }),
    },
    { name: "undo that", press: key("z"), shows: at(2), then: sent },
  ];
}

/** The sign of the list of an address: how many rows it has. */
async function count(page: Page, path: string) {
  await page.goto(path);
  await settled(page);
  return { selector: `[role=grid][aria-rowcount="${await rowCount(page)}"]` };
}

export async function moving(page: Page): Promise<Act[]> {
  const home = await count(page, "/?view=all");
  const link = (name: string) => (p: Page) =>
    p
      .getByRole("navigation", { name: "Tasks" })
      .first()
      .getByRole("link", { name: new RegExp(`^${name}`) })
      .click();
  const heading = (text: string) => ({ selector: "h1", text, ...released });
  const back: Act = {
    name: "go to all tasks",
    from: closed,
    press: link("All tasks"),
    shows: { ...home, ...released },
  };
  const visit = async (name: string, path: string): Promise<Act[]> => [
    {
      name: `go to ${name}`,
      from: closed,
      press: link(name),
      shows: { ...(await count(page, path)), ...released },
    },
    back,
  ];
  const section = (expanded: boolean) => ({
    selector: `[role=grid] button[aria-label$="Kitchen"][aria-expanded=${expanded}]`,
    ...released,
  });
  return [
    {
      name: "go to the inbox, by keys",
      from: onRow(0),
      press: key("g", "i"),
      shows: await count(page, "/?view=inbox"),
    },
    { name: "go to all tasks, by keys", from: onRow(0), press: key("g", "a"), shows: home },
    ...(await visit("Upcoming", "/?view=upcoming")),
    ...(await visit("Project 3", "/?project=Project+3")),
    ...(await visit("errand", "/?tag=errand")),
    {
      name: "go to a project with sections",
      from: closed,
      press: link(house),
      shows: { ...(await count(page, `/?project=${house}`)), ...released },
    },
    {
      name: "collapse a section",
      from: closed,
      press: button("Hide the tasks of Kitchen"),
      shows: section(false),
    },
    { name: "expand it", from: closed, press: button("Show the tasks of Kitchen"), shows: section(true) },
    { name: "go to the trash", from: closed, press: link("Trash"), shows: heading("Trash") },
    back,
    {
      name: "go to the settings",
      from: closed,
      press: key("g", "s"),
      shows: { selector: "h1", text: "Settings" },
    },
    { ...back, name: "go back to all tasks" },
  ];
}

export async function searching(page: Page): Promise<Act[]> {
  const whole = await count(page, "/?view=all");
  const field = page.getByRole("searchbox");
  const filter = page.getByRole("combobox", { name: "Filter" });
  return [
    {
      name: "search: the first letter",
      from: all(
        closed,
        () => field.fill(""),
        () => expect(page.locator(whole.selector)).toBeVisible(),
        () => field.focus(),
      ),
      press: typed("w"),
      shows: { ...whole, gone: true },
    },
    {
      name: "search: a digit that leaves few",
      from: async () => {
        await field.fill("Task number ");
        await expect(page.locator("[data-task]").filter({ hasText: "Room number" })).toHaveCount(0);
      },
      press: typed("7"),
      shows: await count(page, "/?view=all&q=Task+number+7"),
    },
    {
      name: "search: take it back",
      press: key("Backspace"),
      shows: await count(page, "/?view=all&q=Task+number"),
    },
    { name: "search: clear", press: button("Clear search"), shows: { ...whole, ...released } },
    {
      name: "filter: the letter that makes a query",
      from: all(closed, button("Filter"), () => filter.fill("@erran")),
      press: typed("d"),
      shows: await count(page, "/?view=all&filter=%40errand"),
      then: all(button("Remove filter"), () => expect(page.locator(whole.selector)).toBeVisible()),
    },
  ];
}
