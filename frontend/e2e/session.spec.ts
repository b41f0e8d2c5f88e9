import { expect, isLive, row, test } from "./fixtures";

test("a new account, a task in plain language, a reload, out, and in again", async ({ page }) => {
  const email = `e2e-${crypto.randomUUID()}@example.org`;
  await page.goto("/register");
  await expect(page).toHaveURL(/sign-up$/);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("Enter your name.")).toBeVisible();
  await page.getByLabel("Name").fill("Grace");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Create account" }).click();
  await isLive(page);

  await page.getByLabel("New task").fill("pay rent every 1st at 9am #home @money !high");
  const understood = page.getByRole("list", { name: "Recognized" });
  await expect(understood).toContainText("every month on the 1st");
  await expect(understood).toContainText("High");
  const made = page.waitForResponse(
    (response) => response.url().endsWith("/api/todos") && response.request().method() === "POST",
  );
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "home" }).click();
  await expect(row(page, "pay rent")).toContainText("money");

  expect((await made).status()).toBe(201);
  await page.reload();
  await expect(row(page, "pay rent")).toBeVisible();
  await isLive(page);
  const kept = await page.evaluate(
    () => JSON.stringify({ ...localStorage }) + document.cookie + location.href,
  );
  expect(kept).not.toMatch(/eyJ/);

  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await page.goto("/?view=all");
  await expect(page).toHaveURL(/sign-in\?next=/);
  // A page that is left while it deletes the data cannot finish: then the next one does.
  const left = () =>
    page.evaluate(async () => [
      ...(await indexedDB.databases()).map(({ name }) => name),
      ...Object.keys(localStorage),
    ]);
  await expect.poll(left).toEqual([]);

  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Sign in" }).click();
  await isLive(page);
  await expect(page).toHaveURL(/\?view=all$/);
  await page.getByRole("link", { name: "home" }).click();
  await expect(row(page, "pay rent")).toBeVisible();
});

test("a wrong password says so", async ({ page, user }) => {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(user.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Wrong email or password." })).toBeVisible();
});

test("Enter before the scripts have come sends nothing, and what is filled in stays", async ({
  page,
  user,
}) => {
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route("**/_next/static/**/*.js", async (route) => {
    await arrived;
    await route.continue();
  });
  const response = await page.goto("/sign-in", { waitUntil: "commit" });
  expect(response!.headers()["content-security-policy"]).toContain("form-action 'none'");
  await page.getByLabel("Email").fill(user.email);
  await page.getByLabel("Password").fill(user.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeDisabled();
  arrive();
  await page.getByRole("button", { name: "Sign in" }).click();
  await isLive(page);
  expect(requests.filter((url) => url.includes("password="))).toEqual([]);
});
