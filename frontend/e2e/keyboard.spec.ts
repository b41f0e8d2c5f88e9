import type { Page } from "@playwright/test";
import { expect, row, test } from "./fixtures";

test("everything without a mouse", async ({ user, context }) => {
  for (const title of ["Cherry", "Banana", "Apple"]) await user.create({ title });
  const page = await user.signIn(context);
  await expect(page.getByRole("row")).toHaveCount(3);
  const keys = page.keyboard;

  await keys.press("n");
  await keys.type("Date");
  await keys.press("Enter");
  await keys.press("Escape");
  await expect(row(page, "Date")).toBeVisible();

  await keys.press("j");
  await expect(row(page, "Date")).toBeFocused();
  await keys.press("j");
  await expect(row(page, "Cherry")).toBeFocused();
  await keys.press("e");
  await keys.press("ControlOrMeta+a");
  await keys.type("Cherries");
  await keys.press("Enter");
  await expect(row(page, "Cherries")).toBeVisible();

  await row(page, "Cherries").focus();
  await keys.press("x");
  await keys.press("Shift+ArrowDown");
  await expect(page.getByRole("toolbar", { name: "2 selected" })).toBeVisible();
  await keys.press("1");
  await keys.press("Escape");
  await expect(page.getByRole("toolbar")).toBeHidden();

  await row(page, "Apple").focus();
  await keys.press("Enter");
  await expect(page.getByRole("complementary", { name: "Details of Apple" })).toBeVisible();
  await keys.press("Escape");
  await expect(page.getByRole("complementary", { name: "Details of Apple" })).toBeHidden();

  await row(page, "Apple").focus();
  await keys.press("c");
  await expect(row(page, "Apple")).toBeHidden();
  await keys.press("z");
  await expect(row(page, "Apple")).toBeVisible();

  await keys.press("/");
  await keys.type("cher");
  await expect(page.getByRole("row")).toHaveCount(1);
  await expect(page).toHaveURL(/q=cher/);
  await keys.press("Escape");
  await keys.press("Escape");
  await expect(page.getByRole("row")).toHaveCount(4);

  await keys.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("Find anything");
  await keys.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
  await keys.press("ControlOrMeta+k");
  await expect(page.getByRole("dialog", { name: "Find anything" })).toBeVisible();
  await keys.type("upcom");
  await expect(page.getByRole("option", { name: "Upcoming" })).toHaveAttribute("aria-selected", "true");
  await keys.press("Enter");
  await expect(page).toHaveURL(/view=upcoming/);
  await keys.press("g");
  await keys.press("a");
  await expect(page).toHaveURL(/view=all/);
});

test("End and Home go to the ends of a list, whatever had the focus", async ({ user, context }) => {
  for (const title of ["Cherry", "Banana", "Apple"]) await user.create({ title });
  const page = await user.signIn(context);
  const rows = page.getByRole("row");
  await expect(rows).toHaveCount(3);
  await page.keyboard.press("End");
  await expect(rows.last()).toBeFocused();
  await page.keyboard.press("Home");
  await expect(rows.first()).toBeFocused();
  await page.reload();
  await expect(rows).toHaveCount(3);
  await page.keyboard.press("Home");
  await expect(rows.first()).toBeFocused();
});

/** Reloads the page with only the code that its first rendering needs. Returns what lets the rest arrive. */
async function reloadSlowly(page: Page): Promise<() => void> {
  const firstPage = await (await page.request.get("/")).text();
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route("**/_next/static/chunks/**", async (route) => {
    if (!firstPage.includes(new URL(route.request().url()).pathname)) await arrived;
    await route.continue();
  });
  await page.reload();
  return arrive;
}

for (const [overlay, keys] of [
  ["palette", "ControlOrMeta+k"],
  ["picker of projects", "p"],
] as const) {
  test(`what is typed before a slow connection has fetched the ${overlay} is kept for it`, async ({
    user,
    context,
  }) => {
    await user.create({ title: "Read", project: "Books" });
    const { id } = await user.create({ title: "Dig" });
    const page = await user.signIn(context);
    await expect(row(page, "Dig")).toBeVisible();
    const arrive = await reloadSlowly(page);
    await row(page, "Dig").focus();
    await page.keyboard.press(keys);
    await page.keyboard.type("Boo");
    await page.keyboard.press("Enter");
    arrive();
    if (overlay === "palette") await expect(page).toHaveURL(/project=Books/);
    else {
      const project = async () => (await user.tasks()).find((task) => task.id === id)?.project;
      await expect.poll(project).toBe("Books");
      await expect(row(page, "Dig")).toBeFocused();
    }
  });
}

test("a menu that is given up before its code is there does not open under what is typed", async ({
  user,
  context,
}) => {
  await user.create({ title: "Dig" });
  const page = await user.signIn(context);
  await expect(row(page, "Dig")).toBeVisible();
  const arrive = await reloadSlowly(page);
  await expect(row(page, "Dig")).toBeVisible();
  const filter = page.getByRole("button", { name: "Filter by priority" });
  await filter.click();
  await expect(filter).toHaveAttribute("aria-expanded", "true");
  await page.getByLabel("New task").click();
  await page.keyboard.type("big");
  await expect(filter).toHaveAttribute("aria-expanded", "false");
  arrive();
  await page.keyboard.type(" roses");
  await page.keyboard.press("Enter");
  await expect(row(page, "big roses")).toBeVisible();
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(page).not.toHaveURL(/priority/);
});

test("a key that is pressed again before the question about a series is there asks once", async ({
  user,
  context,
}) => {
  const recurrence = { rrule: "FREQ=DAILY" };
  await user.create({ title: "Water", due_at: new Date().toISOString(), timezone: "UTC", recurrence });
  const page = await user.signIn(context);
  await expect(row(page, "Water")).toBeVisible();
  const arrive = await reloadSlowly(page);
  await row(page, "Water").focus();
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  arrive();
  const question = page.getByRole("dialog");
  await expect(question).toContainText("Skip this one or end the series?");
  await expect(question).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
  await expect(row(page, "Water")).toBeFocused();
});
