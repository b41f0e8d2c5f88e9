import { add, expect, row, test, toast } from "./fixtures";

test("all kinds of changes are undone one by one, named, and redone, on every page", async ({
  user,
  context,
}) => {
  await user.create({ title: "Other", project: "Home" });
  const page = await user.signIn(context);
  const keys = page.keyboard;
  const told = (text: string) => expect(page.getByText(text, { exact: true })).toBeVisible();
  const only = async () => (await user.tasks()).find(({ title }) => title !== "Other");

  // Added, renamed in the details, given a priority and a project, tagged, completed, reopened, deleted.
  await add(page, "Buy bread tomorrow");
  await row(page, "Buy bread").click();
  const panel = page.getByRole("complementary", { name: /^Details/ });
  await panel.getByRole("textbox", { name: "Title" }).fill("Buy rye bread");
  await keys.press("Enter");
  await panel.getByRole("button", { name: "Priority: No priority" }).click();
  await page.getByRole("menuitemradio", { name: "High" }).click();
  await panel.getByLabel("Project").fill("Home");
  await keys.press("Enter");
  await panel.getByLabel("Add a tag").fill("shop");
  await keys.press("Enter");
  await panel.getByRole("button", { name: "Close details" }).click();
  await row(page, "Buy rye bread").focus();
  await keys.press("Alt+ArrowDown");
  await keys.press("c");
  await expect(row(page, "Buy rye bread")).toBeHidden();
  await keys.press("z");
  await told("Undone: completed “Buy rye bread”");
  await row(page, "Buy rye bread").focus();
  await keys.press("Delete");
  await expect(row(page, "Buy rye bread")).toBeHidden();
  await expect.poll(() => only()).toBeUndefined();

  await keys.press("z");
  await told("Undone: deleted “Buy rye bread”");
  await expect(row(page, "Buy rye bread")).toBeVisible();
  await keys.press("z");
  await told("Undone: moved “Buy rye bread”");

  // On a page without a list, and with the other keys.
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await page.locator("body").press("ControlOrMeta+z");
  await told("Undone: changed the tags of “Buy rye bread”");
  await page.locator("body").press("ControlOrMeta+z");
  await told("Undone: changed the project of “Buy rye bread”");
  await keys.press("z");
  await told("Undone: changed the priority of “Buy rye bread”");
  await keys.press("z");
  await told("Undone: changed the title of “Buy rye bread”");
  await expect
    .poll(async () => only())
    .toMatchObject({ title: "Buy bread", priority: "none", project: null, tags: [], completed: false });
  await keys.press("z");
  await told("Undone: added “Buy bread”");
  await expect.poll(() => only()).toBeUndefined();
  await keys.press("z");
  await told("There is nothing to undo");

  for (let i = 0; i < 5; i++) await keys.press("Shift+z");
  await told("Redone: changed the tags of “Buy rye bread”");
  await keys.press("ControlOrMeta+Shift+z");
  await told("Redone: moved “Buy rye bread”");
  await keys.press("ControlOrMeta+y");
  await told("Redone: deleted “Buy rye bread”");
  await expect.poll(() => only()).toBeUndefined();
  // The button of an act is gone with what it would undo.
  await toast(page, "Redone: deleted").getByRole("button", { name: "Undo" }).click();
  await told("Undone: deleted “Buy rye bread”");
  await expect(toast(page, "Undone: deleted").getByRole("button", { name: "Redo" })).toBeVisible();
  await expect
    .poll(async () => only())
    .toMatchObject({ title: "Buy rye bread", priority: "high", project: "Home", tags: ["shop"] });
});

test("fifty changes are undone, down to the first", async ({ user, context }) => {
  await user.create({ title: "Task" });
  const page = await user.signIn(context);
  await row(page, "Task").focus();
  const before = await user.events();
  for (let i = 0; i < 25; i++) for (const key of ["1", "4"]) await page.keyboard.press(key);
  await expect.poll(() => user.events()).toBe(before + 50);
  for (let i = 0; i < 50; i++) await page.keyboard.press("z");
  await expect.poll(() => user.events(), { timeout: 60_000 }).toBe(before + 100);
  expect((await user.tasks())[0]!.priority).toBe("none");
  await page.keyboard.press("z");
  await expect(page.getByText("There is nothing to undo")).toBeVisible();
});

test("what another device changed since is asked about", async ({ user, context }) => {
  const task = await user.create({ title: "Original" });
  const page = await user.signIn(context);
  await row(page, "Original").dblclick();
  await page.getByRole("grid").getByLabel("Title").fill("Mine");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await user.tasks())[0]!.title).toBe("Mine");
  await user.patch(task.id, { title: "Theirs" });
  await expect(row(page, "Theirs")).toBeVisible();

  const dialog = page.getByRole("dialog", { name: "Changed on another device" });
  await page.keyboard.press("z");
  await expect(dialog).toContainText("“Theirs” was changed elsewhere");
  await expect(dialog.getByRole("region", { name: "Title" })).toContainText("Original");
  await dialog.getByRole("button", { name: "Keep it as it is" }).click();
  await expect(dialog).toBeHidden();
  expect((await user.tasks())[0]!.title).toBe("Theirs");

  await row(page, "Theirs").focus();
  await page.keyboard.press("1");
  await expect.poll(async () => (await user.tasks())[0]!.priority).toBe("urgent");
  await user.patch(task.id, { priority: "low" });
  await page.keyboard.press("z");
  await dialog.getByRole("button", { name: "Undo anyway" }).click();
  await expect.poll(async () => (await user.tasks())[0]!.priority).toBe("none");
  expect((await user.tasks())[0]!.title).toBe("Theirs");
});

test("a whole act is one undo: many tasks, a task with its subtasks, an occurrence", async ({
  user,
  context,
}) => {
  const parent = await user.create({ title: "Parent" });
  await user.create({ title: "Child one", parent_id: parent.id });
  await user.create({ title: "Child two", parent_id: parent.id });
  await user.create({ title: "Alone" });
  // A day, whose successor is tomorrow at any time of the day.
  const due_date = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Berlin" });
  const recurrence = { rrule: "FREQ=DAILY", mode: "schedule" };
  await user.create({ title: "Daily", due_date, recurrence });
  const page = await user.signIn(context);
  await expect(page.getByRole("row")).toHaveCount(3);
  const open = async () => (await user.tasks()).filter(({ completed }) => !completed).length;

  // Completing a parent completes what is below it: the subtasks do not remain in the list.
  await row(page, "Parent").focus();
  await page.keyboard.press("c");
  await expect(page.getByText("Task and 2 subtasks completed")).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect.poll(open).toBe(2);
  await page.keyboard.press("z");
  await expect(page.getByRole("row")).toHaveCount(3);
  await expect.poll(open).toBe(5);

  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("2");
  await page.getByRole("dialog").getByRole("button", { name: "Only this one" }).click();
  await expect.poll(async () => (await user.tasks()).filter((t) => t.priority === "high").length).toBe(3);
  await page.keyboard.press("z");
  await expect.poll(async () => (await user.tasks()).filter((t) => t.priority === "high").length).toBe(0);

  await page.keyboard.press("Escape");
  await expect(page.getByRole("toolbar")).toBeHidden();
  await row(page, "Parent").focus();
  await page.keyboard.press("Delete");
  await expect.poll(open).toBe(2);
  await page.keyboard.press("z");
  await expect.poll(open).toBe(5);

  await row(page, "Daily").getByRole("checkbox").click();
  await expect(row(page, "Daily")).toContainText("Tomorrow");
  await page.keyboard.press("z");
  await expect.poll(open).toBe(5);
  await expect(row(page, "Daily")).toHaveCount(1);
  await expect(row(page, "Daily")).not.toContainText("Tomorrow");
});

test("a line of the history undoes its own change only, not those that were made with it", async ({
  user,
  context,
}) => {
  const one = await user.create({ title: "One" });
  const other = await user.create({ title: "Other" });
  const task = { priority: "high" };
  await user.batch([one, other].map(({ id }) => ({ op: "update", id, task })));
  const page = await user.signIn(context, `/?view=all&task=${one.id}`);
  const panel = page.getByRole("complementary", { name: /^Details/ });
  await panel.getByRole("button", { name: "History" }).click();
  await panel.getByRole("button", { name: "Undo: Priority changed" }).click();
  const priorities = async () =>
    Object.fromEntries((await user.tasks()).map(({ title, priority }) => [title, priority]));
  await expect.poll(priorities).toEqual({ One: "none", Other: "high" });
});
