import { expectAccessible } from "./axe";
import { expect, row, test } from "./fixtures";

test("deleted tasks are in the trash, here and elsewhere, until they are restored", async ({
  user,
  context,
  other,
}) => {
  const parent = await user.create({ title: "Plan the trip", project: "Travel" });
  await user.create({ title: "Book a hotel", parent_id: parent.id });
  await user.create({ title: "Old list" });
  const page = await user.signIn(context);
  const elsewhere = await user.signIn(other, "/trash");
  await page.bringToFront(); // keys act in the window in front
  await expect(elsewhere.getByText("The trash is empty")).toBeVisible();

  for (const title of ["Plan the trip", "Old list"]) {
    await row(page, title).focus();
    await page.keyboard.press("Delete");
    await expect(row(page, title)).toBeHidden();
  }
  const list = elsewhere.getByRole("list", { name: "Deleted tasks" });
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await expect(list.getByRole("listitem").first()).toContainText("Old list");
  await expect(list.getByRole("listitem").last()).toContainText("Travel · with 1 subtask");

  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await expect(page).toHaveURL(/\/trash$/);
  await page.getByRole("button", { name: "Restore Plan the trip" }).click();
  await expect(page.getByText("Task restored")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Plan the trip" })).toHaveCount(0);
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await expect
    .poll(async () => (await user.tasks()).map(({ title }) => title).sort())
    .toEqual(["Book a hotel", "Plan the trip"]);

  // A restore can be undone, and the undo too.
  await page.keyboard.press("z");
  await expect(page.getByText("Undone: restored “Plan the trip”")).toBeVisible();
  await expect(page.getByRole("button", { name: "Restore Plan the trip" })).toBeVisible();
  await page.keyboard.press("Shift+z");
  await expect(page.getByRole("button", { name: "Restore Plan the trip" })).toBeHidden();
  await elsewhere.goto("/?view=all");
  await expect(row(elsewhere, "Plan the trip")).toBeVisible();
});

test("a task is deleted forever, and the trash is emptied, everywhere", async ({ user, context, other }) => {
  for (const title of ["First", "Second", "Third"]) await user.remove((await user.create({ title })).id);
  const page = await user.signIn(context, "/trash");
  const elsewhere = await user.signIn(other, "/trash");
  await page.bringToFront(); // keys act in the window in front
  const rows = elsewhere.getByRole("list", { name: "Deleted tasks" }).getByRole("listitem");
  await expect(rows).toHaveCount(3);

  await page.getByRole("button", { name: "Delete Second forever" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Delete “Second” forever?" });
  await expect(dialog).toContainText("This cannot be undone.");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Delete Second forever" })).toBeFocused();
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Delete forever" }).click();
  await expect(page.getByText("Task deleted forever")).toBeVisible();
  await expect(rows).toHaveCount(2);

  await page.getByRole("button", { name: "Empty trash" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete all forever" }).click();
  await expect(page.getByText("The trash is empty")).toBeVisible();
  await expect(elsewhere.getByText("The trash is empty")).toBeVisible();
});

test("axe finds nothing serious in the trash and the list of what could not be saved", async ({
  user,
  context,
}) => {
  const task = await user.create({ title: "Deleted" });
  await user.create({ title: "Typed" });
  await user.remove(task.id);
  const page = await user.signIn(context, "/trash");
  await expect(page.getByRole("button", { name: "Restore Deleted" })).toBeVisible();
  await expectAccessible(page, "trash");
  await page.goto("/?view=all");
  await row(page, "Typed").click();
  const panel = page.getByRole("complementary", { name: /^Details/ });
  await panel.getByLabel("Title").fill("x".repeat(501));
  await panel.getByRole("button", { name: "Close details" }).click();
  await page.getByRole("button", { name: "1 not saved" }).click();
  await expect(page.getByRole("dialog", { name: "Could not be saved" })).toBeVisible();
  await expectAccessible(page, "could not be saved");
});
