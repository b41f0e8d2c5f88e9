import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, isLive, test } from "./fixtures";
import { hasProvider } from "./operator";

test.beforeEach(async () => {
  test.skip(
    !(await hasProvider()),
    "the stack under test has no provider, at which these tests sign in: start the stack with --oidc",
  );
});

/** The pages of the provider that the stack runs: the example server of zitadel/oidc, on another port. */
async function signInThere(page: Page, name: string) {
  await page.getByLabel("Username:").fill(name);
  await page.getByLabel("Password:").fill("provider");
  await page.getByRole("button", { name: "Login" }).click();
}

async function signOut(page: Page) {
  await page.getByRole("button", { name: /Account menu/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
}

const withProvider = (page: Page) => page.getByRole("button", { name: "Continue with Example" }).click();

test("a provider makes an account, signs in again, and stands in for the password", async ({ page }) => {
  const name = `ada-${crypto.randomUUID()}`;
  await page.goto("/sign-in?next=/settings/security");
  await withProvider(page);
  await signInThere(page, name);
  await expect(page).toHaveURL(/settings\/security$/);
  const accounts = page.getByRole("list", { name: "Linked accounts" });
  await expect(accounts).toContainText(`${name}@provider.example`);
  await expectAccessible(page, "linked accounts");

  await signOut(page);
  await withProvider(page);
  await signInThere(page, name);
  await isLive(page);

  // The only way to sign in stays, until there is a password.
  await page.getByRole("button", { name: /Account menu/ }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Security" }).click();
  await page.getByRole("button", { name: "Unlink Example" }).click();
  await page.getByRole("button", { name: "Unlink", exact: true }).click();
  await expect(page.getByText("This is your only way to sign in.")).toBeVisible();
  await page.getByRole("button", { name: "Confirm with Example" }).click();
  await signInThere(page, name);
  await expect(page.getByText("Confirmed.")).toBeVisible();
  await page.getByRole("textbox", { name: "New password" }).fill("unrelated violet submarine");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("Current password")).toBeVisible();
  await page.getByRole("button", { name: "Unlink Example" }).click();
  await page.getByRole("button", { name: "Unlink", exact: true }).click();
  await expect(page.getByText("No account is linked.")).toBeVisible();
});

test("an account with the address is linked only after its user has signed in and said so", async ({
  user,
  page,
}) => {
  await page.goto("/sign-in");
  await withProvider(page);
  await signInThere(page, user.email);
  await expect(page.getByText("You already have an account with this email address.")).toBeVisible();
  await expectAccessible(page, "address is taken");
  await page.getByRole("link", { name: "Sign in and link" }).click();
  await page.getByLabel("Email").fill(user.email);
  await page.getByLabel("Password").fill(user.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page
    .getByRole("dialog", { name: "Link Example to this account?" })
    .getByRole("button", { name: "Link Example" })
    .click();
  await signInThere(page, user.email);
  await expect(page.getByRole("list", { name: "Linked accounts" })).toContainText(user.email);

  await signOut(page);
  await withProvider(page);
  await signInThere(page, user.email);
  await isLive(page);

  // What the provider has not verified is no address.
  await signOut(page);
  await withProvider(page);
  await signInThere(page, `unverified-${crypto.randomUUID()}`);
  await expect(page.getByText("An account needs an email address that Example has verified.")).toBeVisible();
  await page.goto("/sign-in/return?code=x&state=y");
  await expect(page.getByText("none was started in this tab")).toBeVisible();
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("the browser comes back from a provider once", async ({ user, page }) => {
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Weiter mit Example" }).click();
    await signInThere(page, user.email);
    await expect(page.getByText("Du hast schon ein Konto mit dieser E-Mail-Adresse.")).toBeVisible();
    await expect(page.getByRole("link", { name: "Anmelden und verknüpfen" })).toBeVisible();
  });
});
