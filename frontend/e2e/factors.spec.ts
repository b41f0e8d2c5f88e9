import type { Page } from "@playwright/test";
import { addAuthenticator, codeOf } from "./authenticator";
import { expectAccessible } from "./axe";
import { expect, isLive, test } from "./fixtures";

/** Without passkeys among the suggestions of the field: this authenticator answers those at once, without being asked. */
async function signOut(page: Page) {
  await page.evaluate(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
  await page.getByRole("button", { name: /Account menu/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
}

async function enterPassword(page: Page, user: { email: string; password: string }) {
  await page.getByLabel("Email").fill(user.email);
  await page.getByLabel("Password").fill(user.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("a passkey is added, and signs in without the password and after it", async ({ user, context }) => {
  const page = await user.signIn(context, "/settings/security");
  await addAuthenticator(page);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Work laptop");
  await page.getByRole("button", { name: "Continue" }).click();
  const codes = page.getByRole("list", { name: "Recovery codes" });
  await expect(codes.getByRole("listitem")).toHaveCount(10);
  const code = await codes.getByRole("listitem").first().textContent();
  await page.getByRole("button", { name: "I have saved them" }).click();
  await expect(codes).toBeHidden();
  await expect(page.getByRole("list", { name: "Passkeys" })).toContainText("Work laptop");
  await page.getByRole("button", { name: "Rename Work laptop" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Home laptop");
  await page.getByRole("textbox", { name: "Name" }).press("Enter");
  await expect(page.getByRole("list", { name: "Passkeys" })).toContainText("Home laptop");

  await signOut(page);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await isLive(page);
  await signOut(page);
  await page.reload(); // with suggestions: the passkey signs in from the field for the address
  await isLive(page);

  // The password alone does not sign in; the passkey is one way to go on, a recovery code another, once.
  await signOut(page);
  await enterPassword(page, user);
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await isLive(page);
  await signOut(page);
  await enterPassword(page, user);
  await page.getByRole("button", { name: "Use a recovery code" }).click();
  await page.getByLabel("Recovery code").fill(code!);
  await page.getByLabel("Recovery code").press("Enter");
  await isLive(page);
  await signOut(page);
  await enterPassword(page, user);
  await page.getByRole("button", { name: "Use a recovery code" }).click();
  await page.getByLabel("Recovery code").fill(code!);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText("That code is wrong or was already used.")).toBeVisible();
  await expectAccessible(page, "second step");
});

test("an authenticator app is set up, used, and removed after a confirmation", async ({ user, context }) => {
  const page = await user.signIn(context, "/settings/security");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("img", { name: "QR code for the authenticator app" })).toBeVisible();
  const secret = (await page.getByLabel("The key", { exact: true }).textContent())!;
  await page.getByRole("textbox", { name: "Code" }).fill("12345x");
  await page.getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByText("That is not the current code.")).toBeVisible();
  await page.getByRole("textbox", { name: "Code" }).fill(codeOf(secret));
  await page.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("button", { name: "I have saved them" }).click();
  await expectAccessible(page, "security settings");

  await signOut(page);
  await enterPassword(page, user);
  await expect(page.getByLabel("Code from your authenticator app")).toBeFocused();
  await page.getByLabel("Code from your authenticator app").fill(codeOf(secret, 1)); // each works once
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await isLive(page);

  await page.goto("/settings/security");
  await page.getByRole("button", { name: "Remove the authenticator app" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  const confirm = page.getByRole("dialog", { name: "Confirm that it is you" });
  await confirm.getByLabel("Your password").fill("not my password");
  await confirm.getByRole("button", { name: "Confirm" }).click();
  await expect(confirm.getByText("That is not your password.")).toBeVisible();
  await confirm.getByLabel("Your password").fill(user.password);
  await confirm.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("button", { name: "Set up" })).toBeVisible();
  await signOut(page);
  await enterPassword(page, user);
  await isLive(page);
});
