import { drag, expect, grip, row, test, titles } from "./fixtures";

test("a row says in words what its colours say, also where the system chooses the colours", async ({
  user,
  context,
}) => {
  await user.create({
    title: "Pay the rent",
    priority: "urgent",
    project: "Home",
    tags: ["money"],
    due_date: "2026-01-01",
    recurrence: { rrule: "FREQ=MONTHLY", mode: "schedule" },
  });
  const page = await user.signIn(context);
  await expect(row(page, "Pay the rent")).toMatchAriaSnapshot(`
    - 'row "Pay the rent Overdue: 1 Jan Priority: Urgent Repeats Home money"':
      - gridcell "Complete Pay the rent":
        - checkbox "Complete Pay the rent"
      - 'gridcell "Pay the rent Overdue: 1 Jan Priority: Urgent Repeats Home money"':
        - time: "Overdue: 1 Jan"
  `);
  await page.emulateMedia({ forcedColors: "active" });
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(row(page, "Pay the rent")).toHaveCSS("outline-style", "solid");
  await expect(page.getByRole("link", { name: /^All tasks/ })).toHaveCSS("outline-style", "solid");
});

test("tasks are ordered without dragging: by keys and by buttons", async ({ user, context }) => {
  await user.batch(
    ["First", "Second", "Third"].map((title, i) => ({ op: "create", task: { title, position: `a${i}` } })),
  );
  const page = await user.signIn(context);
  await row(page, "First").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(() => titles(page)).toEqual(["Second", "First", "Third"]);
  await expect(page.getByText("Moved to position 2 of 3")).toBeAttached();
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "Move down" }).click();
  await expect.poll(() => titles(page)).toEqual(["Second", "Third", "First"]);
  await page.getByRole("button", { name: "Move up" }).click();
  await expect.poll(() => titles(page)).toEqual(["Second", "First", "Third"]);
  await expect.poll(async () => (await user.tasks()).length).toBe(3);
});

test("under headings tasks are ordered within their group, with the mouse and by keys", async ({
  user,
  context,
}) => {
  const task = (title: string, position: string, priority: string) => ({ title, position, priority });
  await user.batch(
    [
      task("Ask", "a2", "high"),
      task("Book", "a3", "high"),
      task("Call", "a0", "low"),
      task("Draw", "a1", "low"),
    ].map((task) => ({ op: "create", task })),
  );
  const page = await user.signIn(context, "/?view=all&group=priority");
  await expect.poll(() => titles(page)).toEqual(["Ask", "Book", "Call", "Draw"]);
  await drag(page, grip(page, "Draw"), row(page, "Call"), { x: 60, y: 6 });
  await expect.poll(() => titles(page)).toEqual(["Ask", "Book", "Draw", "Call"]);
  await expect(page.getByText("Moved to position 3 of 4")).toBeAttached();
  await drag(page, grip(page, "Ask"), row(page, "Call"), { x: 60, y: 6 });
  await expect.poll(() => titles(page)).toEqual(["Book", "Ask", "Draw", "Call"]);
  await expect(page.getByText("Moved to position 2 of 4")).toBeAttached();
  await row(page, "Ask").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(() => titles(page)).toEqual(["Ask", "Book", "Draw", "Call"]);
});

test("another order gives the elements of rows to others, but not that of a title being edited", async ({
  user,
  context,
}) => {
  for (const title of ["Apple", "Cherry", "Banana"]) await user.create({ title });
  const page = await user.signIn(context, "/?view=all&sort=-created_at");
  await expect.poll(() => titles(page)).toEqual(["Banana", "Cherry", "Apple"]);
  const first = await row(page, "Banana").elementHandle();
  await page.getByRole("button", { name: /^Sort by/ }).click();
  await page.getByRole("menuitemradio", { name: "Title" }).click();
  await expect.poll(() => titles(page)).toEqual(["Apple", "Banana", "Cherry"]);
  expect(await row(page, "Apple").evaluate((now, then) => now === then, first)).toBe(true);

  const edited = await row(page, "Banana").elementHandle();
  await row(page, "Banana").focus();
  await page.keyboard.press("F2");
  await page.keyboard.type("Blueberry");
  await page.goBack();
  await expect.poll(() => titles(page)).toEqual(["", "Cherry", "Apple"]);
  await expect(page.getByRole("textbox", { name: "Title" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(row(page, "Blueberry")).toBeFocused();
  expect(await row(page, "Blueberry").evaluate((now, then) => now === then, edited)).toBe(true);
});
