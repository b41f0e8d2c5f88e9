import { expect, renameInTwoPlaces, row, test, toast } from "./fixtures";

test("what the server would refuse stays where it was typed, with the reason", async ({ user, context }) => {
  const tags = Array.from({ length: 50 }, (_, i) => `tag${i}`);
  const task = await user.create({ title: "Full of tags", tags });
  const page = await user.signIn(context);
  await expect(row(page, "Full of tags")).toBeVisible();
  const before = await user.events();

  const input = page.getByLabel("New task");
  const long = "word ".repeat(110);
  await input.fill(long);
  await expect(page.getByText("A title can have up to 500 characters; this one has 549.")).toBeVisible();
  await input.press("Enter");
  await expect(input).toHaveValue(long);
  await input.fill(`Buy milk @${"x".repeat(60)}`);
  await input.press("Enter");
  await expect(page.getByText("A tag can have up to 50 characters; this one has 60.")).toBeVisible();
  await expect(input).toHaveValue(/^Buy milk/);
  await input.fill("");

  await row(page, "Full of tags").dblclick();
  const rename = page.getByRole("grid").getByLabel("Title");
  await rename.fill("y".repeat(501));
  await rename.press("Enter");
  await expect(page.getByText("this one has 501.")).toBeVisible();
  await expect(rename).toHaveValue("y".repeat(501));
  await rename.press("Escape");

  await page.goto(`/?view=all&task=${task.id}`);
  const panel = page.getByRole("complementary", { name: /^Details/ });
  await panel.getByLabel("Add a tag").fill("one more");
  await page.keyboard.press("Enter");
  await expect(panel.getByText("A task can have up to 50 tags.")).toBeVisible();
  await expect(panel.getByLabel("Add a tag")).toHaveValue("one more");
  await panel.getByLabel("Add a tag").fill("");
  await panel.getByLabel("Project").fill("p".repeat(101));
  await page.keyboard.press("Enter");
  await expect(panel.getByText("A project’s name can have up to 100 characters")).toBeVisible();
  await panel.getByLabel("Project").fill("");

  // Left as it is, it is not lost.
  await panel.getByLabel("Title").fill("z".repeat(600));
  await expect(panel.getByLabel("Title")).toHaveValue("z".repeat(600));
  await panel.getByRole("button", { name: "Close details" }).click();
  await page.getByRole("button", { name: "1 not saved" }).click();
  const list = page.getByRole("dialog", { name: "Could not be saved" });
  await expect(list).toContainText("Title of “Full of tags”");
  await expect(list).toContainText("up to 500 characters; this one has 600");
  await expect(list).toContainText("z".repeat(600));
  await list.getByRole("button", { name: "Discard" }).click();
  await expect(list).toBeHidden();
  await expect(page.getByRole("button", { name: /not saved/ })).toBeHidden();
  expect(await user.events()).toBe(before);
});

test("what the server refuses later is kept with its reason, across a reload, and can be tried again", async ({
  user,
  context,
}) => {
  const page = await user.signIn(context);
  const refusal = { type: "about:blank", title: "Invalid", status: 422, detail: "the list is full" };
  await context.route("**/api/todos", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify(refusal) })
      : route.continue(),
  );
  await page.getByLabel("New task").fill("Typed and refused");
  await page.keyboard.press("Enter");
  await expect(page.getByText("That could not be saved")).toBeVisible();
  await expect(row(page, "Typed and refused")).toBeHidden();
  await page.reload();
  await page.getByRole("button", { name: "1 not saved" }).click();
  const list = page.getByRole("dialog", { name: "Could not be saved" });
  await expect(list).toContainText("Typed and refused");
  await expect(list).toContainText("the list is full");
  await context.unroute("**/api/todos");
  await list.getByRole("button", { name: "Try again" }).click();
  await page.keyboard.press("Escape");
  await expect(row(page, "Typed and refused")).toBeVisible();
  await expect
    .poll(async () => (await user.tasks()).map(({ title }) => title))
    .toEqual(["Typed and refused"]);
  await expect(page.getByRole("button", { name: /not saved/ })).toBeHidden();
});

test("a description typed while another device deletes the task is offered back", async ({
  user,
  context,
}) => {
  const task = await user.create({ title: "Draft the letter" });
  const page = await user.signIn(context, `/?view=all&task=${task.id}`);
  const panel = page.getByRole("complementary", { name: /^Details/ });
  await panel.getByLabel("Description").fill("Dear Ada, ");
  await panel.getByLabel("Description").pressSequentially("I");
  await user.remove(task.id);
  await expect(page.getByText("“Draft the letter” was deleted on another device")).toBeVisible();
  expect((await user.tasks()).length).toBe(0);
  await expect(page.getByRole("button", { name: "1 not saved" })).toBeVisible();
  await toast(page, "was deleted on another device").getByRole("button", { name: "Restore" }).click();
  await expect(row(page, "Draft the letter")).toBeVisible();
  await expect.poll(async () => (await user.tasks())[0]?.description).toBe("Dear Ada, I");
  await expect(page.getByRole("button", { name: /not saved/ })).toBeHidden();
});

test("a project and a tag that are too long are kept when the details are closed", async ({
  user,
  context,
}) => {
  const task = await user.create({ title: "File" });
  const page = await user.signIn(context, `/?view=all&task=${task.id}`);
  const panel = page.getByRole("complementary", { name: /^Details/ });
  await panel.getByLabel("Project").fill("p".repeat(101));
  await panel.getByLabel("Add a tag").fill("t".repeat(51));
  await panel.getByRole("button", { name: "Close details" }).click();
  await page.getByRole("button", { name: "2 not saved" }).click();
  const list = page.getByRole("dialog", { name: "Could not be saved" });
  await expect(list).toContainText("p".repeat(101));
  await expect(list).toContainText("t".repeat(51));
  await expect(list).toContainText("up to 50 characters; this one has 51");
  expect((await user.tasks())[0]).toMatchObject({ project: null, tags: [] });
});

test("a conflict that is closed without an answer is kept, across a reload", async ({ user, context }) => {
  const task = await user.create({ title: "Original" });
  const page = await user.signIn(context);
  await renameInTwoPlaces(user, page, task);
  await expect(page.getByRole("dialog", { name: "Changed in two places" })).toContainText("Mine");
  await page.keyboard.press("Escape");
  await expect(row(page, "Theirs")).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "1 not saved" }).click();
  const list = page.getByRole("dialog", { name: "Could not be saved" });
  await expect(list).toContainText("The same field was changed on another device.");
  await list.getByRole("button", { name: "Keep yours" }).click();
  await expect.poll(async () => (await user.tasks())[0]?.title).toBe("Mine");
  await expect(page.getByRole("button", { name: /not saved/ })).toBeHidden();
});

test("a description of a repeating task is kept when nothing is decided, and asked about again", async ({
  user,
  context,
}) => {
  const due = new Date(Date.now() + 5 * 86_400_000).toISOString();
  const recurrence = { rrule: "FREQ=WEEKLY" };
  const task = await user.create({ title: "Water the plants", due_at: due, recurrence });
  const page = await user.signIn(context, `/?view=all&task=${task.id}`);
  const description = page.getByRole("complementary", { name: /^Details/ }).getByLabel("Description");
  const question = page.getByRole("dialog", { name: "This one or all later ones?" });
  await description.fill("Twice in summer");
  await description.blur();
  await expect(question).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "1 not saved" }).click();
  const list = page.getByRole("dialog", { name: "Could not be saved" });
  await expect(list).toContainText("Twice in summer");
  await list.getByRole("button", { name: "Try again" }).click();
  await question.getByRole("button", { name: "Only this one" }).click();
  await expect.poll(async () => (await user.tasks())[0]?.description).toBe("Twice in summer");
  await expect(page.getByRole("button", { name: /not saved/ })).toBeHidden();
});
