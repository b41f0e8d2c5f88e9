import { expectAccessible } from "./axe";
import { expect, isLive, test } from "./fixtures";
import { linkTo } from "./mailbox";

const next = "unrelated violet submarine";

test("the password is changed, and other browsers are signed out", async ({ user, context, other }) => {
  const elsewhere = await user.signIn(other);
  const page = await user.signIn(context, "/settings/security");
  const form = page.getByRole("form", { name: "Change the password" });
  await form.getByLabel("Current password").fill("not my password");
  await form.getByRole("textbox", { name: "New password" }).fill("password1234");
  await form.getByRole("button", { name: "Change password" }).click();
  await expect(form.getByText("That is not your password.")).toBeVisible();
  await form.getByLabel("Current password").fill(user.password);
  await form.getByRole("button", { name: "Change password" }).click();
  await expect(form.getByText(/too easy to guess/)).toBeVisible();
  await form.getByRole("textbox", { name: "New password" }).fill(next);
  await form.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed", { exact: true }).first()).toBeVisible();
  await expect(elsewhere).toHaveURL(/sign-in/);
  await expect(page.getByRole("list", { name: "Sessions" }).getByRole("listitem")).toHaveCount(1);
  await page.reload();
  await isLive(page);
  await elsewhere.getByLabel("Email").fill(user.email);
  await elsewhere.getByLabel("Password").fill(next);
  await elsewhere.getByRole("button", { name: "Sign in" }).click();
  await isLive(elsewhere);
});

test("one session is ended, and then all others", async ({ user, context, other, browser }) => {
  const third = await browser.newContext();
  const [phone, tablet] = [await user.signIn(other), await user.signIn(third)];
  const page = await user.signIn(context, "/settings/security");
  const list = page.getByRole("list", { name: "Sessions" });
  // Those of the three browsers, and the one of the registration.
  await expect(list.getByRole("listitem")).toHaveCount(4);
  await expect(list.getByRole("listitem").filter({ hasText: "This browser" })).toHaveCount(1);
  // The newest first: the tablet's comes after this one.
  await list
    .getByRole("button", { name: /^End the session of/ })
    .first()
    .click();
  await expect(tablet).toHaveURL(/sign-in/);
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await page.getByRole("button", { name: "End all other sessions" }).click();
  await expect(phone).toHaveURL(/sign-in/);
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await isLive(page);
  await third.close();
});

test("a forgotten password is set anew by a link, once", async ({ user, page, other }) => {
  const signedIn = await user.signIn(other);
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("Enter your email address.")).toBeVisible();
  await page.getByLabel("Email").fill(user.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText(/If there is an account/)).toBeVisible();

  const link = await linkTo(user.email);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(link);
  await expect(page).toHaveURL(/\/reset$/);
  await page.getByRole("textbox", { name: "New password" }).fill("password1234");
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByText(/too easy to guess/)).toBeVisible();
  await page.getByRole("textbox", { name: "New password" }).fill(next);
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page).toHaveURL(/sign-in/);
  expect(requests.join(" ")).not.toContain(link.split("#")[1]);
  await expect(signedIn).toHaveURL(/sign-in/);
  await page.getByLabel("Email").fill(user.email);
  await page.getByLabel("Password").fill(next);
  await page.getByRole("button", { name: "Sign in" }).click();
  await isLive(page);
  // The notification leads to the settings.
  await page.getByRole("button", { name: "Notifications, 1 unread" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Password reset/ })
    .click();
  await expect(page).toHaveURL(/settings\/security/);

  const again = await other.newPage();
  await again.goto(link);
  await again.getByRole("textbox", { name: "New password" }).fill("another violet submarine");
  await again.getByRole("button", { name: "Set password" }).click();
  await expect(again.getByText("This link no longer works")).toBeVisible();
});

test.describe("in German", () => {
  test.use({ locale: "de-DE" });

  test("a forgotten password is set anew by a link", async ({ user, page, request }) => {
    await request.post("/api/auth/reset", { data: { email: user.email } });
    await page.goto(await linkTo(user.email));
    await page.getByRole("textbox", { name: "Neues Passwort" }).fill(next);
    await page.getByRole("button", { name: "Passwort festlegen" }).click();
    await expect(page).toHaveURL(/sign-in/);
    await page.getByLabel("E-Mail").fill(user.email);
    await page.getByLabel("Passwort").fill(next);
    await page.getByRole("button", { name: "Anmelden", exact: true }).click();
    await isLive(page);
  });
});

test("axe finds nothing serious on the pages for a forgotten password", async ({ browser }) => {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto("/forgotten");
  await expectAccessible(page, "forgotten");
  await page.goto("/reset#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  await expectAccessible(page, "reset");
  await page.getByRole("textbox", { name: "New password" }).fill(next);
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByText("This link no longer works")).toBeVisible();
  await expectAccessible(page, "a spent link");
  await context.close();
});
