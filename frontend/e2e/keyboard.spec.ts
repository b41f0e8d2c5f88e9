import { expect, row, test } from "./fixtures";

test("everything without a mouse", async ({ user, context }) => {
  for (const title of ["Cherry", "Banana", "Apple"]) await user.create({ title });
  const page = await user.signIn(context);
  await expect(page.getByRole("row")).toHaveCount(3);
  const keys = page.keyboard;

  await keys.press("n");
  await keys.type("Date");
  await keys.press("Enter");
  await keys.press("Escape");
  await expect(row(page, "Date")).toBeVisible();

  await keys.press("j");
  await expect(row(page, "Date")).toBeFocused();
  await keys.press("j");
  await expect(row(page, "Cherry")).toBeFocused();
  await keys.press("e");
  await keys.press("ControlOrMeta+a");
  await keys.type("Cherries");
  await keys.press("Enter");
  await expect(row(page, "Cherries")).toBeVisible();

  await row(page, "Cherries").focus();
  await keys.press("x");
  await keys.press("Shift+ArrowDown");
  await expect(page.getByRole("toolbar", { name: "2 selected" })).toBeVisible();
  await keys.press("1");
  await keys.press("Escape");
  await expect(page.getByRole("toolbar")).toBeHidden();

  await row(page, "Apple").focus();
  await keys.press("Enter");
  await expect(page.getByRole("complementary", { name: "Details of Apple" })).toBeVisible();
  await keys.press("Escape");
  await expect(page.getByRole("complementary", { name: "Details of Apple" })).toBeHidden();

  await row(page, "Apple").focus();
  await keys.press("c");
  await expect(row(page, "Apple")).toBeHidden();
  await keys.press("z");
  await expect(row(page, "Apple")).toBeVisible();

  await keys.press("/");
  await keys.type("cher");
  await expect(page.getByRole("row")).toHaveCount(1);
  await expect(page).toHaveURL(/q=cher/);
  await keys.press("Escape");
  await keys.press("Escape");
  await expect(page.getByRole("row")).toHaveCount(4);

  await keys.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("Find anything");
  await keys.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
  await keys.press("ControlOrMeta+k");
  await expect(page.getByRole("dialog", { name: "Find anything" })).toBeVisible();
  await keys.type("upcom");
  await expect(page.getByRole("option", { name: "Upcoming" })).toHaveAttribute("aria-selected", "true");
  await keys.press("Enter");
  await expect(page).toHaveURL(/view=upcoming/);
  await keys.press("g");
  await keys.press("a");
  await expect(page).toHaveURL(/view=all/);
});
