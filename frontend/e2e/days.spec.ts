import { add, expect, row, test } from "./fixtures";

/** A day, counted from today, where the browser is. */
function day(from: number): string {
  const at = new Date(Date.now() + from * 86_400_000);
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin" }).format(at);
}

test("a day stays a day until it gets a time", async ({ user, context }) => {
  await user.create({ title: "Call the bank", due_date: day(-1) });
  const page = await user.signIn(context, "/");
  const input = page.getByLabel("New task");
  await input.fill("Take a tablet every 8 hours");
  await expect(page.getByText("so everything is the title: “every 8 hours”")).toBeVisible();
  await expect(page.getByRole("list", { name: "Recognized" })).toHaveCount(0);
  await input.fill("Tax return today");
  await expect(page.getByRole("list", { name: "Recognized" })).toContainText("Today");
  await input.press("Enter");
  await expect(row(page, "Tax return").locator("time")).toHaveText("Today");
  await expect(row(page, "Call the bank").locator("time")).toHaveText("Overdue: Yesterday");
  const made = async () => (await user.tasks()).find(({ title }) => title === "Tax return")!;
  await expect.poll(async () => (await made())?.due_date).toBe(day(0));

  await row(page, "Tax return").getByText("Tax return").click();
  const field = page.getByRole("complementary").locator("dd").first().getByRole("button");
  await field.click();
  const due = page.getByRole("dialog", { name: "Due" });
  await due.getByLabel("Time").fill("23:45");
  await due.getByLabel("Time").press("Enter");
  await expect.poll(async () => (await made()).due_at?.slice(14, 16)).toBe("45");
  expect((await made()).due_date).toBeNull();
  await due.getByRole("button", { name: "Tomorrow", exact: true }).click();
  await expect(field).toHaveText("Due: Tomorrow, 23:45");
  await field.click();
  await due.getByLabel("Time").fill("");
  await due.getByLabel("Time").press("Enter");
  await expect(field).toHaveText("Due: Tomorrow");
  await expect.poll(async () => (await made()).due_date).toBe(day(1));
  expect((await made()).due_at).toBeNull();
});

test.describe("at midnight", () => {
  test.use({ timezoneId: "UTC" });

  test("what is added under Today is due on the day that it is then", async ({ user, context }) => {
    const date = (from: number) => new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10);
    const [today, tomorrow] = [date(0), date(1)];
    await context.clock.install({ time: `${today}T23:58:00Z` });
    const page = await user.signIn(context, "/");
    const due = async (title: string) => (await user.tasks()).find((task) => task.title === title)?.due_date;
    await add(page, "Lock the door");
    await expect.poll(() => due("Lock the door")).toBe(today);
    await context.clock.fastForward("03:00");
    await expect(row(page, "Lock the door").locator("time")).toHaveText("Overdue: Yesterday");
    await add(page, "Feed the cat");
    await expect.poll(() => due("Feed the cat")).toBe(tomorrow);
  });
});
