import type { Page } from "@playwright/test";
import { expect, row, test } from "./fixtures";

test("a field is saved when it is left, by Enter or by closing, and never while it is typed", async ({
  user,
  context,
}) => {
  const due = "2098-06-02T21:55:00Z"; // 23:55 in Berlin
  const task = await user.create({ title: "Call home", due_at: due, timezone: "Europe/Berlin" });
  const page = await user.signIn(context, `/?view=all&task=${task.id}`);
  const panel = page.getByRole("complementary");
  const now = async () => (await user.tasks()).find(({ id }) => id === task.id)!;
  const before = await user.events();

  const dueButton = panel.locator("dd").first().getByRole("button");
  await dueButton.click();
  const time = page.getByRole("dialog", { name: "Due" }).getByLabel("Time");
  await time.focus();
  await page.keyboard.type("1158", { delay: 30 });
  await expect(time).toHaveValue(/:58$/); // with 12 or 24 hours, as the browser shows them
  expect(await user.events()).toBe(before);
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await now()).due_at?.slice(14, 16)).toBe("58");
  expect(await user.events()).toBe(before + 1);

  // Closing saves what is complete.
  await time.fill("09:15");
  expect(await user.events()).toBe(before + 1);
  await page.keyboard.press("Escape");
  await expect(dueButton).toHaveText(/:15$/);
  await expect.poll(async () => (await now()).due_at?.slice(14, 16)).toBe("15");
  expect(await user.events()).toBe(before + 2);

  await panel.getByLabel("Project", { exact: true }).pressSequentially("Family");
  expect(await user.events()).toBe(before + 2);
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await now()).project).toBe("Family");
  await panel.getByLabel("Title").focus();
  await page.keyboard.press("End");
  await page.keyboard.type(" and talk");
  expect(await user.events()).toBe(before + 3);
  await panel.getByRole("button", { name: "Close details" }).click();
  await expect.poll(async () => (await now()).title).toBe("Call home and talk");
  expect(await user.events()).toBe(before + 4);
});

test("the time in the settings is saved once it is left or confirmed", async ({ user, context }) => {
  const page = await user.signIn(context, "/settings");
  const saved: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "PUT" && request.url().endsWith("/api/preferences"))
      saved.push((JSON.parse(request.postData()!) as { day_start: string }).day_start);
  });
  await page.getByLabel("Your day begins at").focus();
  await page.keyboard.type("0745", { delay: 30 });
  expect(saved).toEqual([]);
  await page.keyboard.press("Enter");
  await expect.poll(() => saved).toEqual(["07:45"]);
});

test("postponed, a task keeps its time", async ({ user, context }) => {
  // Today where the browser is, which may be another day than in UTC.
  const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Berlin" });
  const at = new Date(`${today}T13:30:00Z`);
  await user.create({ title: "Dentist", due_at: at.toISOString(), timezone: "Europe/Berlin" });
  await user.create({ title: "Someday" });
  const page = await user.signIn(context);
  for (const title of ["Dentist", "Someday"]) await row(page, title).click({ modifiers: ["ControlOrMeta"] });
  await page.getByRole("toolbar").getByRole("button", { name: "Due" }).click();
  await page.getByRole("menuitem", { name: "In a week" }).click();
  const found = async (title: string) => (await user.tasks()).find((task) => task.title === title)!;
  const later = async () => new Date((await found("Dentist")).due_at!);
  await expect.poll(async () => Math.round(((await later()).getTime() - at.getTime()) / 86_400_000)).toBe(7);
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", timeZone: "Europe/Berlin" });
  expect(hour.format(await later())).toBe(hour.format(at));
  expect((await found("Someday")).due_at).toBeNull();
});

test("a key that is held deletes one task, completes one, and moves on through the list", async ({
  user,
  context,
}) => {
  const made = ["One", "Two", "Three", "Four", "Five", "Six"].map((title) => ({
    op: "create",
    task: { title },
  }));
  await user.batch(made);
  const page = await user.signIn(context);
  await expect(page.getByRole("row")).toHaveCount(6);
  await row(page, "One").focus();
  await hold(page, "Delete");
  await expect(page.getByRole("row")).toHaveCount(5);
  await hold(page, "c");
  await expect(page.getByRole("row")).toHaveCount(4);
  // Undo is no exception.
  await hold(page, "z");
  await expect(page.getByRole("row")).toHaveCount(5);
  await row(page, "Two").focus();
  await hold(page, "j");
  await expect(row(page, "Six")).toBeFocused();
  await row(page, "Three").getByRole("checkbox").focus();
  await hold(page, "Enter");
  await expect(row(page, "Three")).toBeHidden();
  await expect
    .poll(async () => (await user.tasks()).map(({ title, completed }) => `${title} ${completed}`).sort())
    .toEqual(["Five false", "Four false", "Six false", "Three true", "Two false"]);
});

/** A held key is a key that is pressed several times without having been released. */
async function hold(page: Page, key: string) {
  for (let i = 0; i < 6; i++) await page.keyboard.down(key);
  await page.keyboard.up(key);
}
