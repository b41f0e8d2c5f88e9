import { expectAccessible } from "./axe";
import { expect, row, test, titles, toast } from "./fixtures";

const day = (n: number) => {
  const date = new Date(Date.now() + n * 86_400_000);
  return date.toLocaleDateString("sv-SE", { timeZone: "Europe/Berlin" });
};

test("a query filters, is saved as a view and is on another device at once", async ({
  user,
  context,
  other,
}) => {
  await user.create({ title: "Call the bank", project: "Work", tags: ["phone"], due_date: day(0) });
  await user.create({ title: "Write the report", project: "Work", priority: "high", due_date: day(2) });
  await user.create({ title: "Buy milk" });
  const done = await user.create({ title: "Buy bread" });
  await user.complete(done.id);
  const page = await user.signIn(context);
  const nav = page.getByRole("navigation", { name: "Tasks" }).first();
  await nav.getByRole("link", { name: "Inbox" }).click();
  await expect.poll(() => titles(page)).toEqual(["Buy milk"]);
  await page.getByRole("searchbox").fill("buy");
  await expect.poll(() => titles(page)).toEqual(["Buy milk", "Buy bread"]);
  await nav.getByRole("link", { name: "All tasks" }).click();

  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const field = page.getByRole("combobox", { name: "Filter" });
  await expect(field).toBeFocused();
  await field.pressSequentially("#w");
  await expect(page.getByRole("option", { name: "#Work" })).toBeVisible();
  await field.press("ArrowDown");
  await field.press("Enter");
  await expect(field).toHaveValue("#Work ");
  await expect.poll(() => titles(page)).toEqual(["Call the bank", "Write the report"]);
  await field.pressSequentially("& due before lunch & @phone");
  await expect(page.getByText("“lunch” is not a day.")).toBeVisible();
  await field.fill("#Work & (@phone | !high) & next 7 days");
  await expect(page).toHaveURL(/next\+7\+days/);
  await expectAccessible(page, "filter");

  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitem", { name: "Save as view" }).click();
  const dialog = page.getByRole("dialog", { name: "Save as view" });
  await dialog.getByLabel("Name").fill("At work");
  await expect(dialog.getByRole("combobox")).toHaveValue("#Work & (@phone | !high) & next 7 days");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("At work");

  const two = await user.signIn(other);
  const far = two.getByRole("navigation", { name: "Tasks" }).first();
  await far.getByRole("link", { name: "At work" }).click();
  await expect(row(two, "Write the report")).toBeVisible();
  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitemradio", { name: "Priority" }).click();
  await expect(two.getByRole("row", { name: /^High\s*1$/ })).toBeVisible();

  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitem", { name: "Delete view" }).click();
  await expect(page.getByText("View not found")).toBeVisible();
  await expect(far.getByRole("link", { name: "At work" })).toHaveCount(0);
  await toast(page, "View deleted").getByRole("button", { name: "Undo" }).click();
  await expect(far.getByRole("link", { name: "At work" })).toBeVisible();
  await expect(row(page, "Call the bank")).toBeVisible();
});
