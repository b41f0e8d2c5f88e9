import { add, expect, row, test } from "./fixtures";

test("another device sees create, edit, complete, delete and reorder", async ({ user, context, other }) => {
  const one = await user.signIn(context);
  const two = await user.signIn(other);

  await add(one, "First");
  await expect(row(two, "First")).toBeVisible();
  await add(one, "Second");
  await expect(row(two, "Second")).toBeVisible();

  await row(one, "First").dblclick();
  await one.getByRole("grid").getByLabel("Title").fill("First, but better");
  await one.keyboard.press("Enter");
  await expect(row(two, "First, but better")).toBeVisible();

  // New tasks come first: Second, First. Moved down it is the last.
  await expect(two.getByRole("row").first()).toContainText("Second");
  await row(one, "Second").focus();
  await one.keyboard.press("Alt+ArrowDown");
  await expect(two.getByRole("row").first()).toContainText("First");

  await row(two, "Second").getByRole("checkbox").click();
  await expect(row(one, "Second")).toBeHidden();

  await row(two, "First").focus();
  await two.keyboard.press("Delete");
  await expect(row(one, "First")).toBeHidden();
  await two.getByRole("button", { name: "Undo" }).first().click();
  await expect(row(one, "First, but better")).toBeVisible();
});

test("a completed occurrence leaves its successor in the other window", async ({ user, context, other }) => {
  const due = new Date(Date.now() + 3_600_000).toISOString();
  const recurrence = { rrule: "FREQ=DAILY", mode: "schedule" };
  await user.create({ title: "Water the plants", due_at: due, timezone: "Europe/Berlin", recurrence });
  const one = await user.signIn(context);
  const two = await user.signIn(other);
  await row(one, "Water the plants").getByRole("checkbox").click();
  await expect(row(two, "Water the plants")).toContainText("Tomorrow");
  await expect(row(one, "Water the plants")).toContainText("Tomorrow");
});

test("tabs of one browser share one stream, and it outlives the tab that has it", async ({
  user,
  context,
}) => {
  const one = await user.signIn(context);
  let streams = 0;
  context.on("request", (request) => {
    if (request.url().includes("/api/stream/")) streams++;
  });
  const two = await context.newPage();
  await two.goto("/?view=all");
  await user.create({ title: "Seen by both" });
  await expect(row(one, "Seen by both")).toBeVisible();
  await expect(row(two, "Seen by both")).toBeVisible();
  expect(streams).toBe(0);
  await one.close();
  await user.create({ title: "Seen by the heir" });
  await expect(row(two, "Seen by the heir")).toBeVisible();
});

test("the same field changed in two places is asked about", async ({ user, context }) => {
  const task = await user.create({ title: "Original" });
  const page = await user.signIn(context);
  await expect(row(page, "Original")).toBeVisible();
  await context.setOffline(true);
  await row(page, "Original").dblclick();
  await page.getByRole("grid").getByLabel("Title").fill("Mine");
  await page.keyboard.press("Enter");
  await user.patch(task.id, { title: "Theirs" });
  await context.setOffline(false);
  const dialog = page.getByRole("dialog", { name: "Changed in two places" });
  await expect(dialog).toContainText("Mine");
  await expect(dialog).toContainText("Theirs");
  await dialog.getByRole("button", { name: "Keep yours" }).click();
  await expect.poll(async () => (await user.tasks())[0]?.title).toBe("Mine");
});
