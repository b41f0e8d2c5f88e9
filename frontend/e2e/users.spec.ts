import { expectAccessible } from "./axe";
import { expect, isLive, test } from "./fixtures";
import { promote } from "./operator";

test("an administrator finds a user, disables and enables the account", async ({
  user,
  context,
  other,
  browser,
}) => {
  await promote(user.email);
  const elsewhere = await browser.newContext();
  const bob = { email: `bob-${crypto.randomUUID()}@example.com`, password: "unrelated violet submarine" };
  const registered = await elsewhere.request.post("/api/auth/register", { data: { ...bob, name: "Bob" } });
  expect(registered.status()).toBe(201);
  const { access_token: token } = (await registered.json()) as { access_token: string };

  const page = await user.signIn(context, "/admin/users");
  await page.getByRole("searchbox", { name: "Search users" }).fill(bob.email.toUpperCase());
  const row = page.getByRole("table", { name: "Users" }).getByRole("row", { name: bob.email });
  await expect(row).toContainText("Bob");
  await expectAccessible(page, "users");

  // By keyboard alone.
  const actions = row.getByRole("button", { name: `Actions for ${bob.email}` });
  await actions.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Disable…" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Disable Bob?" });
  await expectAccessible(page, "users, a question");
  await dialog.getByRole("button", { name: "Disable" }).press("Enter");
  await expect(row).toContainText("Disabled");
  await expect(dialog).toHaveCount(0);
  await expect(actions).toBeFocused();
  const headers = { Authorization: `Bearer ${token}` };
  expect((await elsewhere.request.get("/api/auth/me", { headers })).status()).toBe(401);

  const signIn = await other.newPage();
  await signIn.goto("/sign-in");
  await signIn.getByLabel("Email").fill(bob.email);
  await signIn.getByLabel("Password").fill(bob.password);
  await signIn.getByRole("button", { name: "Sign in" }).click();
  await expect(signIn.getByText(/this account is disabled/i)).toBeVisible();

  await actions.click();
  await page.getByRole("menuitem", { name: "Enable…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Enable" }).click();
  await expect(row).not.toContainText("Disabled");
  await signIn.getByLabel("Password").fill(bob.password);
  await signIn.getByRole("button", { name: "Sign in" }).click();
  await isLive(signIn);

  // On a phone the rows are cards that fit.
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(row).toBeVisible();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
  await page.getByRole("searchbox", { name: "Search users" }).fill("nobody has this name");
  await expect(page.getByText("No users found", { exact: true }).first()).toBeVisible();
  await elsewhere.close();
});
