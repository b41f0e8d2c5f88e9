import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, row, test } from "./fixtures";

const picker = (page: Page, name: RegExp) => page.getByRole("dialog", { name });

test("keys, the palette and the menus act on the selection, and each act shows its key", async ({
  user,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const [paint, fence, shed] = await user.batch(
    ["Paint", "Fence", "Shed"].map((title) => ({ op: "create", task: { title } })),
  );
  const page = await user.signIn(context);
  const keys = page.keyboard;
  const found = async (id = "") => (await user.tasks()).find((task) => task.id === id)!;

  // Two tasks at once: a day that is typed, a new tag, a priority, a repetition.
  await row(page, "Fence").focus();
  await keys.press("x");
  await row(page, "Shed").focus();
  await keys.press("x");
  await expect(page.getByRole("toolbar", { name: "2 selected" })).toBeVisible();
  await keys.press("d");
  await expect(picker(page, /^Due date of 2 tasks/)).toBeVisible();
  await expectAccessible(page, "a picker");
  await keys.type("24 dec 2098");
  await expect(page.getByRole("option", { name: "24 Dec 2098" })).toHaveAttribute("aria-selected", "true");
  await keys.press("Enter");
  await expect.poll(async () => (await found(shed)).due_date).toBe("2098-12-24");
  await keys.press("t");
  await picker(page, /^Tag/).getByRole("combobox").fill("garden");
  await keys.press("Enter");
  await expect.poll(async () => (await found(fence)).tags).toEqual(["garden"]);
  await keys.press("r");
  await picker(page, /^Repeat/)
    .getByRole("combobox")
    .fill("every 2 weeks");
  await keys.press("Enter");
  await expect.poll(async () => (await found(shed)).recurrence?.rrule).toContain("INTERVAL=2");
  await keys.press("Escape");

  // The palette acts on the focused task, and undo takes it back.
  await row(page, "Paint").focus();
  await keys.press("ControlOrMeta+k");
  const palette = picker(page, /^Find anything/);
  await expect(palette.getByText("“Paint”", { exact: true })).toBeVisible();
  await expect(palette.getByRole("option", { name: /^Duplicate/ })).toContainText("Shift+D");
  await keys.type("proj");
  await keys.press("Enter");
  await picker(page, /^Project of “Paint”/)
    .getByRole("combobox")
    .fill("Home");
  await keys.press("Enter");
  await expect.poll(async () => (await found(paint)).project).toBe("Home");
  await expect(row(page, "Paint")).toBeFocused();
  await keys.press("z");
  await expect.poll(async () => (await found(paint)).project).toBeNull();

  // Below another task, and back; a copy; a link.
  await keys.press("m");
  await picker(page, /^Move “/)
    .getByRole("combobox")
    .fill("fence");
  await keys.press("Enter");
  await expect.poll(async () => (await found(paint)).parent_id).toBe(fence);
  await expect(row(page, "Paint")).toBeHidden();
  await row(page, "Fence").focus();
  await keys.press("Enter");
  const panel = page.getByRole("complementary", { name: "Details of Fence" });
  await expect(panel.getByText("0 of 1")).toBeVisible();
  await panel.getByRole("button", { name: "Paint", exact: true }).click();
  const below = page.getByRole("complementary", { name: "Details of Paint" });
  await expect(below.getByRole("button", { name: "Subtask of Fence" })).toBeVisible();
  await below.getByRole("button", { name: "More", exact: true }).click();
  const menu = page.getByRole("menu");
  await expect(menu.getByRole("menuitem", { name: /^Copy the link/ })).toContainText("L");
  await menu.getByRole("menuitem", { name: /^Move out of the parent task/ }).click();
  await expect.poll(async () => (await found(paint)).parent_id).toBeNull();
  await below.getByRole("button", { name: "Close details" }).click();
  await row(page, "Paint").focus();
  await keys.press("l");
  await expect(page.getByText("Link copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`task=${paint}`);
  await keys.press("Shift+d");
  await expect(row(page, "Paint")).toHaveCount(2);

  // Undo survives a reload.
  await expect.poll(async () => (await user.tasks()).length).toBe(4);
  await page.reload();
  await expect(row(page, "Paint")).toHaveCount(2);
  await row(page, "Shed").focus();
  await keys.press("z");
  await expect(page.getByText("Undone: added “Paint”")).toBeVisible();
  await expect(row(page, "Paint")).toHaveCount(1);
  await expect.poll(async () => (await user.tasks()).length).toBe(3);
});

test("a key is changed in the settings, with a warning if another act has it, and reset", async ({
  user,
  context,
}) => {
  await user.create({ title: "Sweep" });
  const page = await user.signIn(context, "/settings/keyboard");
  const keys = page.keyboard;
  const change = (name: string) => page.getByRole("button", { name: `Change the key of “${name}”` });
  await expect(change("Duplicate")).toBeVisible();
  await expectAccessible(page, "keyboard settings");
  await change("Complete or reopen").click();
  const dialog = page.getByRole("dialog", { name: "Complete or reopen" });
  await keys.press("d");
  await expect(dialog.getByText("“Due date” has this key.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();
  await keys.press("Backspace");
  await keys.press("w");
  await dialog.getByRole("button", { name: "Save" }).click();
  await change("Skip this occurrence").click();
  await page.getByRole("button", { name: "Turn off" }).click();

  await page.goto("/?view=all");
  await row(page, "Sweep").focus();
  await keys.press("c");
  await keys.press("?");
  const help = page.getByRole("dialog", { name: "Keys" });
  await expect(help.getByText("Complete or reopen")).toBeVisible();
  await expect(help.getByText("Skip this occurrence")).toBeHidden();
  await keys.press("Escape");
  await expect(row(page, "Sweep")).toBeFocused();
  await keys.press("w");
  await expect(row(page, "Sweep")).toBeHidden();
  await expect.poll(async () => (await user.tasks())[0]?.completed).toBe(true);

  await page.goto("/settings/keyboard");
  await page.getByRole("button", { name: "Reset all keys" }).click();
  await expect(page.getByText("All keys are the default ones.")).toBeVisible();
});
