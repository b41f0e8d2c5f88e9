import { add, drag, expect, grip, renameInTwoPlaces, row, test, toast } from "./fixtures";

test("another device sees create, edit, complete, delete and reorder", async ({ user, context, other }) => {
  const one = await user.signIn(context);
  const two = await user.signIn(other);
  await one.bringToFront(); // keys act in the window in front

  await add(one, "First");
  await expect(row(two, "First")).toBeVisible();
  await add(one, "Second");
  await expect(row(two, "Second")).toBeVisible();

  await row(one, "First").dblclick();
  await one.getByRole("grid").getByLabel("Title").fill("First, but better");
  await one.keyboard.press("Enter");
  await expect(row(two, "First, but better")).toBeVisible();

  // New tasks come first: Second, First. Moving Second down makes it the last.
  await expect(two.getByRole("row").first()).toContainText("Second");
  await row(one, "Second").focus();
  await one.keyboard.press("Alt+ArrowDown");
  await expect(two.getByRole("row").first()).toContainText("First");

  // And up again by its handle.
  await drag(one, grip(one, "Second"), row(one, "First"), { x: 40, y: 4 });
  await expect(two.getByRole("row").first()).toContainText("Second");

  await row(two, "Second").getByRole("checkbox").click();
  await expect(row(one, "Second")).toBeHidden();

  await two.bringToFront();
  await row(two, "First").focus();
  await two.keyboard.press("Delete");
  await expect(row(one, "First")).toBeHidden();
  await toast(two, "Task deleted").getByRole("button", { name: "Undo" }).click();
  await expect(row(one, "First, but better")).toBeVisible();
});

test("many tasks at once: tagged, moved, completed, deleted, and all of it undone", async ({
  user,
  context,
}) => {
  const made = ["One", "Two", "Three", "Four"].map((title) => ({ title, project: "Home" }));
  await user.batch(made.map((task) => ({ op: "create", task })));
  const page = await user.signIn(context);
  const select = async (...titles: string[]) => {
    for (const title of titles) await row(page, title).click({ modifiers: ["ControlOrMeta"] });
    return page.getByRole("toolbar", { name: `${titles.length} selected` });
  };
  const undo = (act: string) => toast(page, act).getByRole("button", { name: "Undo" }).click();
  const tool = async (name: string, ...titles: string[]) =>
    (await select(...titles)).getByRole("button", { name }).click();

  await tool("Tag", "One", "Two");
  await page.getByLabel("Tag to add").fill("errand");
  await page.keyboard.press("Enter");
  await expect(row(page, "One")).toContainText("errand");
  await tool("Project", "One", "Two");
  await page.getByRole("menuitem", { name: "No project" }).click();
  await expect(row(page, "Two")).not.toContainText("Home");
  await tool("Complete", "One", "Two");
  await expect(page.getByRole("row")).toHaveCount(2);
  await undo("2 tasks completed");
  await expect(page.getByRole("row")).toHaveCount(4);
  await tool("Delete", "Three", "Four");
  await expect(page.getByRole("row")).toHaveCount(2);
  await undo("2 tasks deleted");
  await expect(page.getByRole("row")).toHaveCount(4);
  await expect
    .poll(async () =>
      (await user.tasks()).map(({ title, completed, tags, project }) =>
        [title, completed, ...tags, project].join(" "),
      ),
    )
    .toEqual(
      expect.arrayContaining([
        "One false errand ",
        "Two false errand ",
        "Three false Home",
        "Four false Home",
      ]),
    );
});

test("a stream that cannot go on loads everything anew, without a word", async ({ user, context }) => {
  const gone = await user.create({ title: "Deleted meanwhile" });
  await user.create({ title: "There all the time" });
  const page = await user.signIn(context);
  await expect(row(page, "Deleted meanwhile")).toBeVisible();
  await page.goto("/icon.svg");
  await user.remove(gone.id);
  await user.create({ title: "Made meanwhile" });
  // The data stored in this browser belongs to a log that no longer exists.
  await page.evaluate(async () => {
    const request = indexedDB.open((await indexedDB.databases())[0]!.name!);
    await new Promise((resolve) => (request.onsuccess = resolve));
    const tx = request.result.transaction("meta", "readwrite");
    tx.objectStore("meta").put("another-log-7", "position");
    await new Promise((resolve) => (tx.oncomplete = resolve));
    request.result.close();
  });
  await page.goto("/?view=all");
  await expect(row(page, "There all the time")).toBeVisible();
  await expect(row(page, "Made meanwhile")).toBeVisible();
  await expect(row(page, "Deleted meanwhile")).toBeHidden();
  await user.create({ title: "Told by the new stream" });
  await expect(row(page, "Told by the new stream")).toBeVisible();
});

test("a completed occurrence leaves its successor in the other window", async ({ user, context, other }) => {
  // A day, whose successor is tomorrow at any time of the day.
  const due_date = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Berlin" });
  const recurrence = { rrule: "FREQ=DAILY", mode: "schedule" };
  await user.create({ title: "Water the plants", due_date, recurrence });
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

test("a tab shows what the one with the stream could not store, and stores it when it is the heir", async ({
  user,
  context,
}) => {
  const one = await user.signIn(context);
  await one.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("The disk is full.", "QuotaExceededError");
    };
  });
  await user.create({ title: "Not stored" });
  await expect(row(one, "Not stored")).toBeVisible();
  const two = await context.newPage();
  await two.goto("/?view=all");
  await expect(row(two, "Not stored")).toBeVisible();
  await user.create({ title: "Seen by both" });
  await expect(row(two, "Seen by both")).toBeVisible();
  await one.close();
  await user.create({ title: "Seen by the heir" });
  await expect(row(two, "Seen by the heir")).toBeVisible();
  await two.reload();
  await expect(two.getByRole("row")).toHaveCount(3);
});

test("the same field changed in two places is asked about", async ({ user, context }) => {
  const task = await user.create({ title: "Original" });
  const page = await user.signIn(context);
  await renameInTwoPlaces(user, page, task);
  const dialog = page.getByRole("dialog", { name: "Changed in two places" });
  await expect(dialog).toContainText("Mine");
  await expect(dialog).toContainText("Theirs");
  await dialog.getByRole("button", { name: "Keep yours" }).click();
  await expect.poll(async () => (await user.tasks())[0]?.title).toBe("Mine");
});
