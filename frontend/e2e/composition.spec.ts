import type { Page } from "@playwright/test";
import { expect, row, test } from "./fixtures";

/** Composes with the browser's own input method editor; the text is not committed yet. */
async function compose(page: Page) {
  const client = await page.context().newCDPSession(page);
  const set = (text: string) =>
    client.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  return { set, commit: (text: string) => client.send("Input.insertText", { text }) };
}

test("Enter and Escape of an input method do nothing but compose", async ({ user, context }) => {
  const task = await user.create({ title: "Task", project: "Home" });
  const page = await user.signIn(context);
  await expect(row(page, "Task")).toBeVisible();
  const before = await user.events();
  const { set, commit } = await compose(page);

  // The input for new tasks: neither added nor emptied.
  const input = page.getByLabel("New task");
  await input.focus();
  await set("にほん");
  await page.keyboard.press("Enter");
  await set("日本");
  await page.keyboard.press("Escape");
  await expect(input).not.toHaveValue("");
  expect(await page.getByRole("row").count()).toBe(1);
  await input.fill("");
  await set("にほん");
  await commit("日本");
  await expect(input).toHaveValue("日本");
  await page.keyboard.press("Enter");
  await expect(row(page, "日本")).toBeVisible();
  await expect.poll(() => user.events()).toBe(before + 1);

  // The panel stays open, and its fields are neither saved nor emptied.
  await page.goto(`/?view=all&task=${task.id}`);
  const panel = page.getByRole("complementary", { name: "Details of Task" });
  const tags = panel.getByLabel("Add a tag");
  await tags.focus();
  await set("しごと");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(tags).not.toHaveValue("");
  await expect(panel).toBeVisible();
  await expect(panel.getByRole("button", { name: /^Remove/ })).toHaveCount(0);
  await tags.fill("");
  const project = panel.getByLabel("Project");
  await project.fill("");
  await set("いえ");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(project).toBeFocused();
  await expect(project).not.toHaveValue("Home");
  await expect(panel).toBeVisible();
  await project.fill("Home");

  // A dialog is not closed.
  await page.keyboard.press("ControlOrMeta+k");
  const palette = page.getByRole("dialog", { name: "Find anything" });
  await palette.getByRole("combobox").focus();
  await set("せってい");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(palette).toBeVisible();
  expect(await user.events()).toBe(before + 1);
});
