import { expectAccessible } from "./axe";
import { expect, isLive, row, test } from "./fixtures";

test("a task's reminders, and an undo for each change", async ({ user, context }) => {
  const due = new Date(Date.now() + 5 * 86_400_000).toISOString();
  const task = await user.create({ title: "Send the report", due_at: due, timezone: "Europe/Berlin" });
  await user.prefer({ week_start: "sunday" });
  const page = await user.signIn(context, `/?view=all&task=${task.id}`);
  const panel = page.getByRole("complementary");
  const now = async () => (await user.tasks())[0]!;

  await panel.getByRole("button", { name: "Remind: As in your settings", exact: true }).click();
  await page.getByRole("menuitem", { name: "1 hour before" }).click();
  await panel.getByRole("button", { name: "Add a reminder" }).click();
  await page.getByRole("menuitem", { name: "1 day before" }).click();
  await panel.getByRole("button", { name: "Remove 1 hour before" }).click();
  await expect.poll(async () => (await now()).reminders).toEqual(["P1D"]);

  // A reminder on a day and time, with the keyboard; and none while the task is overdue.
  await panel.getByRole("button", { name: "Add a reminder" }).press("Enter");
  await page.getByRole("menuitem", { name: "On a day and time…" }).press("Enter");
  await expect(panel.getByLabel("Remind on")).toBeFocused();
  await panel.getByLabel("Remind on").fill("2098-06-30T18:45");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await now()).reminders).toEqual(["P1D", { at: "2098-06-30T16:45:00Z" }]);
  await panel.getByRole("button", { name: "Remove 30 Jun 2098, 18:45" }).click();
  await expect.poll(async () => (await now()).reminders).toEqual(["P1D"]);
  await panel.getByRole("button", { name: "When overdue: As in your settings" }).click();
  await page.getByRole("menuitemradio", { name: "Never remind" }).click();
  await expect.poll(async () => (await now()).overdue_reminders).toBe(false);

  // The week starts on the user's day, and keys select a day.
  await panel.locator("dd").first().getByRole("button").click();
  const calendar = page.getByRole("dialog", { name: "Due" }).getByRole("grid");
  await expect(calendar.getByRole("columnheader").first()).toHaveText("Su");
  await calendar.locator("[tabindex='0']").focus();
  for (const key of ["ArrowDown", "ArrowRight", "Enter"]) await page.keyboard.press(key);
  const later = new Date(due);
  later.setDate(later.getDate() + 8);
  await expect.poll(async () => new Date((await now()).due_at!).toDateString()).toBe(later.toDateString());
  await page.keyboard.press("Escape");

  await panel.getByRole("textbox", { name: "Title" }).fill("Send another report");
  await page.keyboard.press("Enter");
  await expect(row(page, "Send another report")).toBeVisible();
  await panel.getByRole("button", { name: "History" }).click();
  await expect(panel.getByText("Send the report → Send another report")).toBeVisible();
  await panel.getByRole("button", { name: "Undo: Title changed" }).click();
  await expect(row(page, "Send the report")).toBeVisible();
  await expect.poll(async () => (await now()).title).toBe("Send the report");
  expect((await now()).reminders).toEqual(["P1D"]);
});

test("a description is Markdown: ticked off in place, safe, and edited as text", async ({
  user,
  context,
}) => {
  const description = [
    "## Packing\nSee [the list](https://example.org) and [this](javascript:document.title='hacked').",
    "<img src=x onerror=\"document.title='hacked'\"> ![map](https://example.org/map.png)",
    "- [ ] tent\n- [ ] stove",
  ].join("\n\n");
  const due_at = "2098-06-02T13:00:00Z";
  const task = await user.create({ title: "Camp", description, due_at, timezone: "America/New_York" });
  const page = await user.signIn(context);
  const asked: string[] = [];
  page.on("request", (request) => void asked.push(request.url()));
  await row(page, "Camp").click();
  const panel = page.getByRole("complementary", { name: /^Details/ });
  const text = panel.getByRole("group", { name: "Description" });
  await expect(text.getByRole("heading", { name: "Packing" })).toBeVisible();
  await expect(text.getByRole("link", { name: "the list" })).toHaveAttribute("rel", /noopener noreferrer/);
  await expect(text.getByRole("link")).toHaveCount(2);
  await expect(text).toContainText("<img src=x onerror=");
  await expect(panel.getByText("09:00 in New York")).toBeVisible();
  await expectAccessible(page, "Markdown");

  // One click and one key, each one event.
  const before = await user.events();
  const now = async () => (await user.tasks()).find(({ id }) => id === task.id)!.description;
  await text.getByText("tent").click();
  await expect.poll(now).toBe(description.replace("[ ] tent", "[x] tent"));
  await text.getByRole("checkbox", { name: "stove" }).press("Space");
  await expect.poll(now).toBe(description.replaceAll("[ ]", "[x]"));
  expect(await user.events()).toBe(before + 2);

  await text.getByRole("button", { name: "Edit description" }).press("Enter");
  const field = panel.getByRole("textbox", { name: "Description" });
  await expect(field).toBeFocused();
  await page.keyboard.type("\n- [ ] map");
  await page.keyboard.press("Escape");
  await expect(text.getByRole("checkbox", { name: "map" })).not.toBeChecked();
  await expect.poll(now).toContain("- [x] stove\n- [ ] map");
  expect(await user.events()).toBe(before + 3);
  expect(await page.title()).not.toContain("hacked");
  expect(asked.filter((url) => url.includes("example.org"))).toEqual([]);
});

test("completed tasks of any age are found", async ({ user, context }) => {
  test.slow();
  for (let from = 0; from < 500; from += 100) {
    const tasks = Array.from({ length: 100 }, (_, i) => ({ title: `Done ${from + i}` }));
    const ids = await user.batch(tasks.map((task) => ({ op: "create", task })));
    await user.batch(ids.map((id) => ({ op: "complete", id, task: { completed: true } })));
  }
  const page = await user.signIn(context, "/?view=completed");
  const grid = page.getByRole("grid");
  await expect(grid).toHaveAttribute("aria-rowcount", "401");
  await grid.hover();
  await page.mouse.wheel(0, 100_000);
  await page.getByRole("button", { name: "Load older tasks" }).click();
  await expect(grid).toHaveAttribute("aria-rowcount", "501");
  await page.mouse.wheel(0, 100_000);
  await expect(page.getByText("No older tasks")).toBeVisible();
  await expect(row(page, "Done 0").last()).toBeVisible();
  // A search is another list, whose end nobody has seen.
  await page.getByRole("searchbox").fill("Done 499");
  await expect(grid).toHaveAttribute("aria-rowcount", "2");
  await expect(page.getByText("No older tasks")).toBeHidden();
  await page.getByRole("button", { name: "Load older tasks" }).click();
  await expect(page.getByText("No older tasks")).toBeVisible();

  // From the palette, and in a list by a query, also as a board; a reload drops what was loaded.
  await page.goto("/?view=all");
  await isLive(page);
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("dialog", { name: "Find anything" }).getByRole("combobox").fill("Done 0");
  await page.getByRole("option", { name: "Search all completed tasks for “Done 0”" }).click();
  await page.getByRole("button", { name: "Load older tasks" }).click();
  await expect(page.getByText("No older tasks")).toBeVisible();
  await page.goto("/?view=all&filter=completed%20today&layout=board&group=priority");
  await isLive(page);
  await expect(page.getByRole("button", { name: "Load older tasks" })).toBeVisible();
});
