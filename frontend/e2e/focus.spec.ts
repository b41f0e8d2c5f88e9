import { expect, row, test } from "./fixtures";

test("the focus returns to the row after the palette, the help and a rename", async ({ user, context }) => {
  for (const title of ["First", "Second"]) await user.create({ title });
  const page = await user.signIn(context);
  await row(page, "First").focus();
  for (const [key, name] of [
    ["ControlOrMeta+k", "Find anything"],
    ["?", "Keys"],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole("dialog", { name })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name })).toBeHidden();
    await expect(row(page, "First")).toBeFocused();
  }
  for (const [key, title] of [
    ["Enter", "First, renamed"],
    ["Escape", "First, renamed"],
  ] as const) {
    await page.keyboard.press("e");
    await page.getByRole("grid").getByLabel("Title").fill("First, renamed");
    await page.keyboard.press(key);
    await expect(row(page, title)).toBeFocused();
  }
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(row(page, "Second")).toBeFocused();
});

test("the focus returns to the button of the menu whose item opened a dialog", async ({ user, context }) => {
  await user.create({ title: "Read", project: "Books" });
  const page = await user.signIn(context);
  const sidebar = page.getByRole("navigation", { name: "Tasks" });
  for (const [button, item] of [
    [sidebar.getByRole("button", { name: "Actions for Books" }), /^Edit/],
    [sidebar.getByRole("button", { name: "Actions for Books" }), /^Delete/],
    [page.getByRole("button", { name: "Display" }), /^Save/],
  ] as const) {
    await button.press("Enter");
    await page.getByRole("menuitem", { name: item }).press("Enter");
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
    await expect(button).toBeFocused();
  }
});

test("keys that are a single character can be turned off", async ({ user, context }) => {
  await user.create({ title: "Careful" });
  const page = await user.signIn(context);
  await row(page, "Careful").focus();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keys" });
  await expect(help).toContainText("Complete or reopen");
  await help.getByRole("switch", { name: /single character/ }).click();
  await expect(help).not.toContainText("Complete or reopen");
  await expect(help).toContainText("Find anything");
  await page.keyboard.press("Escape");
  await page.reload();
  await row(page, "Careful").focus();
  for (const key of ["c", "e", "g", "s"]) await page.keyboard.press(key);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: "Details of Careful" })).toBeVisible();
  await expect(page).toHaveURL(/view=all/);
  expect((await user.tasks())[0]!.completed).toBe(false);
});

test("a press beside an open menu closes it, and does nothing else", async ({ user, context }) => {
  await user.create({ title: "Leave me" });
  const page = await user.signIn(context);
  const box = (await row(page, "Leave me")
    .getByRole("checkbox", { name: "Complete Leave me" })
    .boundingBox())!;
  const press = () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.getByRole("button", { name: "Display" }).click();
  const menu = page.getByRole("menu");
  await expect(menu).toBeVisible();
  await press();
  await expect(menu).toBeHidden();
  await expect(row(page, "Leave me")).toBeVisible();
  await press();
  await expect(row(page, "Leave me")).toBeHidden();
  // One change, not two: the first press did not complete it.
  await expect
    .poll(async () => (await user.tasks()).map(({ completed, version }) => [completed, version]))
    .toEqual([[true, 2]]);
});
