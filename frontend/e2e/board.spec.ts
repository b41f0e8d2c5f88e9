import type { BrowserContext } from "@playwright/test";
import { expectAccessible } from "./axe";
import { drag, expect, test, type User } from "./fixtures";

const day = (n: number) =>
  new Date(Date.now() + n * 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Europe/Berlin" });

/** The board of 90 tasks, each in the project of its number. */
async function boardOfPages(user: User, context: BrowserContext, project: (i: number) => string) {
  await user.batch(
    Array.from({ length: 90 }, (_, i) => ({
      op: "create",
      task: { title: `Page ${i + 1}`, project: project(i) },
    })),
  );
  return user.signIn(context, "/?view=all&layout=board");
}

test("a board and a calendar: tasks are dragged, moved by keys, and put back", async ({ user, context }) => {
  const [tomorrow, next] = [day(1), day(2)]; // of one moment: midnight may come meanwhile
  const bank = await user.create({ title: "Call the bank", project: "Work" });
  await user.create({ title: "Buy milk", project: "Home" });
  const dentist = await user.create({ title: "Dentist", due_at: `${tomorrow}T10:00:00Z` });
  const now = async (id: string) => (await user.tasks()).find((task) => task.id === id);
  const page = await user.signIn(context, "/?view=all&layout=board");
  const board = page.getByRole("group", { name: "Board by project" });
  const column = (name: string) => board.getByRole("region", { name: new RegExp(`^${name}`) });
  await expect(column("Work").getByText("Call the bank")).toBeVisible();
  await expectAccessible(page, "board");

  const card = column("Work").getByText("Call the bank");
  await drag(page, card, column("Home").getByText("Buy milk"), { x: 20, y: 40 });
  await expect(column("Home").getByText("Call the bank")).toBeVisible();
  await expect.poll(async () => (await now(bank.id))?.project).toBe("Home");
  await page.keyboard.press("z");
  await expect(column("Work").getByText("Call the bank")).toBeVisible();

  // By the keyboard.
  await board.getByRole("button", { name: "Move Call the bank" }).press("Enter");
  await page.getByRole("menuitem", { name: "Home" }).press("Enter");
  await expect(column("Home").getByText("Call the bank")).toBeVisible();
  await expect.poll(async () => (await now(bank.id))?.project).toBe("Home");

  await page.goto("/?view=all&layout=calendar");
  const visit = page.getByRole("button", { name: /^\d.*Dentist$/ });
  await expect(visit).toBeVisible();
  await expectAccessible(page, "calendar");
  await visit.press("Alt+ArrowRight");
  await expect.poll(async () => (await now(dentist.id))?.due_at).toBe(`${next}T10:00:00Z`);
  await page.getByRole("button", { name: "Plan Call the bank" }).press("Enter");
  await page.getByRole("menuitem", { name: "Tomorrow" }).press("Enter");
  await expect.poll(async () => (await now(bank.id))?.due_date).toBe(tomorrow);
  await page.getByRole("button", { name: "Week", exact: true }).click();
  await expect(page.getByRole("button", { name: "Week", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
});

test("a board stays where it is while a card is dragged between columns in sight", async ({
  user,
  context,
}) => {
  const page = await boardOfPages(user, context, (i) => `Book ${i % 9}`);
  const board = page.getByRole("group", { name: "Board by project" });
  const card = (book: number) =>
    board
      .getByRole("region", { name: `Book ${book}` })
      .getByRole("listitem")
      .first();
  await card(2).hover({ trial: true });
  const [from, to] = [(await card(1).boundingBox())!, (await card(2).boundingBox())!];
  const middle = ({ x, y, width, height }: typeof from) => [x + width / 2, y + height / 2] as const;
  // Let go over the card, it would be a click, which opens the details.
  const letGo = async () => {
    await page.keyboard.press("Escape");
    await page.mouse.move(1, 1);
    await page.mouse.up();
  };
  for (let n = 0; n < 2; n++) {
    await page.mouse.move(...middle(from));
    await page.mouse.down();
    for (let there = 0; there < 4; there++) {
      await page.mouse.move(...middle(to), { steps: 8 });
      await page.mouse.move(...middle(from), { steps: 8 });
    }
    expect(await board.evaluate((e) => e.scrollLeft)).toBe(0);
    await letGo();
  }

  // At its edge it scrolls to the columns that are out of sight.
  const seen = (await board.boundingBox())!;
  await page.mouse.move(...middle(from));
  await page.mouse.down();
  await page.mouse.move(seen.x + seen.width - 20, from.y, { steps: 8 });
  await expect.poll(() => board.evaluate((e) => e.scrollLeft)).toBeGreaterThan(300);
  await letGo();
});

test("a long column draws its cards as it is scrolled, or when more are asked for", async ({
  user,
  context,
}) => {
  const page = await boardOfPages(user, context, () => "Book");
  const column = page.getByRole("region", { name: /^Book/ });
  const cards = column.getByRole("listitem");
  const more = column.getByRole("button", { name: /^\d+ more$/ });
  await expect(cards.first()).toBeVisible();
  await expect(more).toBeAttached();
  expect(await cards.count()).toBeLessThan(90);
  await more.press("Enter");
  await expect(async () => {
    await cards.last().hover();
    await page.mouse.wheel(0, 10_000);
    await expect(cards).toHaveCount(90, { timeout: 500 });
  }).toPass();
  await expect(more).toHaveCount(0);
  await expect(cards.last()).toContainText("Page 90");
});
