import { add, expect, row, test, titles, toast } from "./fixtures";

test("a new task that the list does not show says where it went, with a link", async ({ user, context }) => {
  const page = await user.signIn(context, "/");
  await add(page, "Pack the bags in 3 weeks");
  await toast(page, "Added to Upcoming").getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/view=upcoming/);
  await expect(row(page, "Pack the bags")).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Details of Pack the bags" })).toBeVisible();

  await expect.poll(async () => (await user.tasks()).length).toBe(1);
  await page.goto("/?project=Home");
  await add(page, "Invoice #Work");
  await toast(page, "Added to Work").getByRole("button", { name: "Show" }).click();
  await expect(row(page, "Invoice")).toBeVisible();
  await add(page, "Second invoice");
  await expect(row(page, "Second invoice")).toBeVisible();
  await expect(page.getByText(/^Added to/)).toHaveCount(0);
});

test("the palette reads a new task like the input does", async ({ user, context }) => {
  const page = await user.signIn(context, "/");
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("dialog", { name: "Find anything" }).getByRole("combobox")).toBeFocused();
  await page.keyboard.type("Order cake tomorrow #Party @food !high");
  await page.getByRole("option", { name: /^New task/ }).click();
  await expect(page.getByText("Added to Upcoming")).toBeVisible();
  await expect
    .poll(async () => (await user.tasks())[0])
    .toMatchObject({ title: "Order cake", project: "Party", tags: ["food"], priority: "high" });
  expect((await user.tasks())[0]!.due_date).not.toBeNull();
});

test("a list has as many rows as its count says", async ({ user, context }) => {
  const parent = await user.create({ title: "Parent", project: "Home", tags: ["a"] });
  for (const title of ["One", "Two"]) await user.create({ title, parent_id: parent.id, project: "Home" });
  await user.create({ title: "Alone", project: "Home" });
  const page = await user.signIn(context);
  const nav = page.getByRole("navigation", { name: "Tasks" }).first();
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(nav.getByRole("link", { name: /^All tasks/ })).toHaveText("All tasks2");
  await expect(nav.getByRole("link", { name: /^Home/ })).toHaveText("Home2");
  await nav.getByRole("link", { name: /^Home/ }).click();
  await expect(page.getByRole("row")).toHaveCount(2);
});

test("a list remembers how it was sorted", async ({ user, context }) => {
  for (const title of ["b", "c", "a"]) await user.create({ title, project: "Home" });
  const page = await user.signIn(context);
  await expect.poll(() => titles(page)).toEqual(["b", "c", "a"]);
  await page.getByRole("button", { name: "Sort by: Manual" }).click();
  await page.getByRole("menuitemradio", { name: "Title" }).click();
  await expect.poll(() => titles(page)).toEqual(["a", "b", "c"]);
  const nav = page.getByRole("navigation", { name: "Tasks" }).first();
  await nav.getByRole("link", { name: /^Home/ }).click();
  await expect.poll(() => titles(page)).toEqual(["b", "c", "a"]);
  await nav.getByRole("link", { name: /^All tasks/ }).click();
  await expect.poll(() => titles(page)).toEqual(["a", "b", "c"]);
  await page.goto("/?view=all");
  await expect(page.getByRole("button", { name: "Sort by: Title" })).toBeVisible();
  await expect.poll(() => titles(page)).toEqual(["a", "b", "c"]);
  // Back to the order of the list, which is remembered too.
  await page.getByRole("button", { name: "Sort by: Title" }).click();
  await page.getByRole("menuitemradio", { name: "Manual" }).click();
  await expect.poll(() => titles(page)).toEqual(["b", "c", "a"]);
  await page.goto("/?view=all");
  await expect.poll(() => titles(page)).toEqual(["b", "c", "a"]);
});

test("all tasks of a list are printed, not only those in view", async ({ user, context }) => {
  const tasks = Array.from({ length: 90 }, (_, i) => ({ op: "create", task: { title: `Task ${i + 1}` } }));
  await user.batch(tasks);
  const page = await user.signIn(context);
  await expect(row(page, "Task 1").first()).toBeVisible();
  await expect(row(page, "Task 90")).toHaveCount(0);
  const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
  await page.emulateMedia({ media: "screen", colorScheme: "light" });
  const light = await ink();
  await page.emulateMedia({ media: "screen", colorScheme: "dark" });
  await expect.poll(ink).not.toBe(light);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  // A dark page is printed as a light one is.
  expect(await ink()).toBe(light);
  const paper = page.getByRole("list", { name: "All tasks in this list" });
  await expect(paper.getByRole("listitem")).toHaveCount(90);
  await expect(paper.getByText("Task 90")).toBeVisible();
  await expect(page.getByRole("navigation")).toBeHidden();
  await expect(page.getByLabel("New task")).toBeHidden();
  const [height, screen] = await page.evaluate(() => [document.documentElement.scrollHeight, innerHeight]);
  expect(height!).toBeGreaterThan(2 * screen!);
  await page.emulateMedia({ media: "screen" });
  await expect(paper).toHaveCount(0);
  await expect(page.getByLabel("New task")).toBeVisible();
});

test("a wrong rule keeps the editor open, with the reason", async ({ user, context }) => {
  const task = await user.create({ title: "Gym", due_at: "2098-06-02T08:00:00Z" });
  const page = await user.signIn(context, `/?view=all&task=${task.id}`);
  const before = await user.events();
  await page.getByRole("complementary").getByRole("button", { name: "Repeat: Never" }).click();
  const editor = page.getByRole("dialog", { name: "Repeat" });
  await editor.getByRole("button", { name: "As a rule" }).click();
  const rule = editor.getByLabel("Rule (RFC 5545)");
  await rule.fill("FREQ=SOMETIMES");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(editor.getByRole("alert")).toContainText("Not saved");
  await expect(rule).toHaveValue("FREQ=SOMETIMES");
  expect(await user.events()).toBe(before);
  await rule.fill("FREQ=DAILY;INTERVAL=2");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(editor).toBeHidden();
  await expect.poll(async () => (await user.tasks())[0]!.recurrence?.rrule).toBe("FREQ=DAILY;INTERVAL=2");
});

test("pasted lines become many tasks, or one", async ({ user, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await user.signIn(context);
  const input = page.getByLabel("New task");
  const paste = async (text: string) => {
    await input.click(); // Firefox lets a page write to the clipboard only for some time after a click
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await page.keyboard.press("ControlOrMeta+v");
  };
  await paste("- Milk\n- Bread tomorrow\n\n3. Eggs @shop");
  await expect(page.getByText("You pasted 3 lines.")).toBeVisible();
  await page.getByRole("button", { name: "Add 3 tasks" }).click();
  await expect.poll(() => titles(page)).toEqual(["Milk", "Bread", "Eggs"]);
  await expect(input).toHaveValue("");
  await toast(page, "3 tasks added").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("row")).toHaveCount(0);
  await paste("First line\nsecond line");
  await page.getByRole("button", { name: "Keep as one task" }).click();
  await input.press("Enter");
  await expect.poll(() => titles(page)).toEqual(["First line second line"]);
  await paste("just one");
  await expect(page.getByText(/^You pasted/)).toHaveCount(0);
});
