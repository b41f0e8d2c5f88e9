import { expectAccessible } from "./axe";
import { expect, isLive, row, test, toast } from "./fixtures";

test("a visitor reads what this is, makes an account, and learns by doing", async ({ page, browser }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("A todo list that reads what you type.");
  await expect(page.getByRole("navigation")).toBeHidden();
  const sample = page.getByRole("region", { name: "Try it here" });
  await sample.getByLabel("A task to try").fill("Feed the cat every day at 8am #home");
  await expect(sample.getByRole("list", { name: "Recognized" })).toContainText("home");
  await sample.getByRole("button", { name: "Add to the sample" }).click();
  await expect(sample.getByText("Feed the cat", { exact: true })).toBeVisible();
  await sample.getByLabel("A task to try").fill("Dentist Tuesday 3pm #health");
  await expectAccessible(page, "first page");
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
  await page.setViewportSize({ width: 1280, height: 800 });

  // A destination on another site is ignored, also after the way through the other form.
  await page.goto("/login?next=/%5Cevil.example");
  await expect(page).toHaveURL(/sign-in\?next=/);
  await page.getByRole("link", { name: "Create an account" }).click();
  await expect(page).toHaveURL(/sign-up$/);
  const email = `e2e-${crypto.randomUUID()}@example.org`;
  await page.getByLabel("Name").fill("Grace");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByText("Time zone Europe/Berlin, weeks start on Monday").click();
  await page.getByLabel("Weeks start on").selectOption("Sunday");
  await expectAccessible(page, "sign up with the place open");
  const registered = page.waitForRequest("**/api/auth/register");
  await page.getByRole("button", { name: "Create account" }).click();
  expect((await registered).postDataJSON()).toMatchObject({
    timezone: "Europe/Berlin",
    week_start: "sunday",
    locale: "en-GB",
  });
  await isLive(page);
  await expect(page).toHaveURL(/\/$/);

  const steps = page.getByRole("region", { name: /^Try these/ });
  await expect(steps).toContainText("0 of 4 done");
  await expectAccessible(page, "first steps");
  await page.getByRole("button", { name: "Add a task for today" }).click();
  await expect(page.getByLabel("New task")).toBeFocused();
  await steps.getByRole("button", { name: "Type it for me" }).click();
  await page.keyboard.press("Enter");
  await expect(steps).toContainText("1 of 4 done");
  await page.getByRole("link", { name: "All tasks" }).click();
  await page.getByRole("checkbox", { name: "Complete Water the plants" }).click();
  await expect(steps).toContainText("2 of 4 done");
  await toast(page, "Task completed").getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Water the plants")).toBeVisible();
  await expect(steps).toContainText("3 of 4 done");

  const other = await browser.newContext({
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
    viewport: { width: 390, height: 844 },
  });
  const phone = await other.newPage();
  await phone.goto("/sign-in?next=%2F%3Fview%3Dall");
  await phone.getByLabel("Email").fill(email);
  await phone.getByLabel("Password").fill("correct horse battery");
  await phone.getByRole("button", { name: "Sign in" }).click();
  await expect(row(phone, "Water the plants")).toBeVisible();
  await expect(steps).toContainText("All done");

  // Dismissed here, it is dismissed there.
  await steps.getByRole("button", { name: "Dismiss the first steps" }).click();
  await expect(steps).toBeHidden();
  const preferences = phone.waitForResponse("**/api/preferences");
  await phone.reload();
  await isLive(phone);
  await preferences;
  await expect(row(phone, "Water the plants")).toBeVisible();
  await expect(phone.getByRole("region", { name: /^Try these/ })).toBeHidden();
  await other.close();
});
