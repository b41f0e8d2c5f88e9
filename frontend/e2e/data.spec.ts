import { expectAccessible } from "./axe";
import { expect, isLive, test } from "./fixtures";

test("the data is exported, and an account is deleted and kept", async ({ user, context }) => {
  await user.create({ title: "Kept in the archive" });
  const page = await user.signIn(context, "/settings/data");
  await expect(page.getByRole("heading", { name: "Export" })).toBeVisible();
  await expectAccessible(page, "data");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export my data" }).click();
  expect((await download).suggestedFilename()).toMatch(/\.zip$/);
  await expect(page.getByText(/is in your downloads/)).toBeVisible();

  await page.getByRole("button", { name: "Delete my account…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete your account?" });
  await dialog.getByRole("button", { name: "Delete my account" }).click();
  await expect(dialog.getByText("Enter your password.")).toBeVisible();
  await dialog.getByLabel("Your password").fill("not the password");
  await dialog.getByRole("button", { name: "Delete my account" }).click();
  await expect(dialog.getByText("That is not your password.")).toBeVisible();
  await dialog.getByLabel("Your password").fill(user.password);
  await dialog.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.getByText(/^Your account will be deleted on/).first()).toBeVisible();
  await expectAccessible(page, "an account that will be deleted");

  // Told on every page, after a reload too, until the user changes their mind.
  await page.goto("/?view=all");
  await isLive(page);
  await page.getByRole("status").getByRole("link", { name: "Keep my account" }).click();
  await page.getByRole("button", { name: "Keep my account" }).click();
  await expect(page.getByRole("button", { name: "Delete my account…" })).toBeVisible();
  await expect(page.getByText(/^Your account will be deleted on/)).toHaveCount(0);
});
