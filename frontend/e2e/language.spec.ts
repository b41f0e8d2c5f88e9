import { expect, isLive, row, test } from "./fixtures";

test("German is chosen in the settings and shown at once, everywhere and from then on", async ({
  user,
  context,
}) => {
  // An overdue task causes a notification at once.
  await user.create({ title: "Send the report", due_at: new Date(Date.now() - 3_600_000).toISOString() });
  const page = await user.signIn(context, "/?view=all");
  const elsewhere = await context.newPage();
  await elsewhere.goto("/settings");
  const saved = elsewhere.waitForResponse(
    (response) => response.url().endsWith("/api/preferences") && response.request().method() === "PUT",
  );
  await elsewhere.getByLabel("Language", { exact: true }).selectOption("Deutsch");
  await expect(elsewhere.getByLabel("Sprache", { exact: true })).toBeFocused();

  for (const tab of [elsewhere, page]) {
    await expect(tab.locator("html")).toHaveAttribute("lang", "de");
    const links = tab.getByRole("navigation", { name: "Aufgaben" }).getByRole("link");
    await expect(links.filter({ hasText: "Überfällig" })).toBeVisible();
    await expect(
      links.filter({ hasText: /^(Inbox|Today|Upcoming|Overdue|All tasks|Completed|Trash)/ }),
    ).toHaveCount(0);
  }
  await expect(elsewhere).toHaveTitle(/Einstellungen · Taskwire$/);
  await expect(page).toHaveTitle(/Alle Aufgaben · Taskwire$/);

  // A task is written in German.
  await page.getByLabel("Neue Aufgabe").fill("Brot kaufen morgen um 17 Uhr");
  await expect(page.locator("[data-part=due]")).toContainText("Morgen");
  await page.getByLabel("Neue Aufgabe").press("Enter");
  await expect(row(page, "Brot kaufen")).toContainText("Morgen, 17:00");

  // The server reminds in German.
  await page.getByRole("button", { name: /^Benachrichtigungen, 1 ungelesen/ }).click({ timeout: 90_000 });
  const list = page.getByRole("list", { name: "Benachrichtigungen" });
  await expect(list.getByRole("button", { name: /^Send the report War/ })).toContainText("War fällig ");

  // It is what mail is written in.
  expect(await (await saved).json()).toMatchObject({ language: "de" });
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await isLive(page);
});

test("another language waits while something is written", async ({ user, context }) => {
  const page = await user.signIn(context, "/?view=all");
  const elsewhere = await context.newPage();
  await elsewhere.goto("/settings");
  await page.getByLabel("New task").fill("Half a thought");
  await elsewhere.getByLabel("Language", { exact: true }).selectOption("Deutsch");
  await expect(elsewhere.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByLabel("New task")).toHaveValue("Half a thought");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
});

test("a visitor reads the first page and what is refused in the browser's language", async ({ browser }) => {
  const context = await browser.newContext({ locale: "es-MX" });
  const page = await context.newPage();
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "Una lista de tareas que lee lo que escribes.",
  );
  await expect(page.locator("html")).toHaveAttribute("lang", "es");
  await expect(page).toHaveTitle("Taskwire: una lista de tareas que te entiende");

  await page.goto("/sign-up");
  await page.getByLabel("Nombre").fill("Ada");
  await page.getByLabel("Correo").fill(`e2e-${crypto.randomUUID()}@example.org`);
  await page.getByLabel("Contraseña").fill("password1234");
  await page.getByRole("button", { name: "Crear cuenta" }).click();
  await expect(page.getByText(/^Es demasiado fácil de adivinar/)).toBeVisible();
  await context.close();
});
