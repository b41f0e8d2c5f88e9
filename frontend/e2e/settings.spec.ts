import { expectAccessible } from "./axe";
import { expect, test } from "./fixtures";

test("settings are saved, and the same elsewhere", async ({ user, context, other }) => {
  const page = await user.signIn(context, "/settings");
  await page.getByRole("button", { name: "Use this time zone" }).click();
  await page.getByLabel("Remind me", { exact: true }).selectOption("P1D");
  await page.getByRole("switch", { name: "Remind me of overdue tasks" }).click();
  // They are saved one after the other, so the last response means that all are saved.
  const saved = page.waitForResponse(
    (response) =>
      response.request().method() === "PUT" && !!response.request().postData()?.includes("sunday"),
  );
  await page.getByLabel("The week begins on").selectOption("sunday");
  expect((await saved).status()).toBe(200);
  const elsewhere = await user.signIn(other, "/settings");
  await expect(elsewhere.getByLabel("Time zone")).toHaveValue("Europe/Berlin");
  await expect(elsewhere.getByLabel("Remind me", { exact: true })).toHaveValue("P1D");
  await expect(elsewhere.getByRole("switch", { name: "Remind me of overdue tasks" })).not.toBeChecked();
  await expect(elsewhere.getByLabel("The week begins on")).toHaveValue("sunday");
  await page.getByRole("radio", { name: "Dark" }).click();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a token works until it is revoked, and is shown once", async ({
  user,
  context,
  playwright,
  baseURL,
}) => {
  const page = await user.signIn(context, "/settings/tokens");
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill("A script");
  await page.getByLabel("Your password").fill(user.password);
  await page.getByRole("button", { name: "Create token" }).click();
  const secret = await page.locator("[data-secret]").textContent();
  const api = await playwright.request.newContext({
    baseURL: baseURL!,
    extraHTTPHeaders: { Authorization: `Bearer ${secret}` },
  });
  expect((await api.get("/api/todos")).status()).toBe(200);
  expect((await api.post("/api/todos", { data: { title: "Not allowed" } })).status()).toBe(403);
  await page.reload();
  await page.getByRole("button", { name: "Revoke A script" }).click();
  expect(await page.content()).not.toContain(secret);
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("No tokens")).toBeVisible();
  expect((await api.get("/api/todos")).status()).toBe(401);
  await api.dispose();
});

test("axe finds nothing serious in the settings, light and dark", async ({ user, browser }) => {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await user.signIn(context, "/settings");
  await expect(page.getByLabel("Remind me", { exact: true })).toBeVisible();
  await expectAccessible(page, "general");
  await page.getByRole("button", { name: /^Notifications/ }).click();
  await expect(page.getByText("No notifications")).toBeVisible();
  await expectAccessible(page, "notifications");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Security" }).click();
  await expect(page.getByRole("heading", { name: "Sessions" })).toBeVisible();
  await expectAccessible(page, "security");
  await page.getByRole("link", { name: "Access tokens" }).click();
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill("A script");
  await page.getByLabel("Your password").fill(user.password);
  await expectAccessible(page, "new token");
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.locator("[data-secret]")).toBeVisible();
  await expectAccessible(page, "tokens");
  await page.getByRole("link", { name: "Connect" }).click();
  await expect(page.getByRole("tab", { name: "Claude Code" })).toBeVisible();
  await expectAccessible(page, "connect");
  await context.close();
});
