import { expect, isLive, row, test } from "./fixtures";

test("German is chosen in the settings and shown at once, everywhere and from then on", async ({
  user,
  context,
}) => {
  await user.create({ title: "Send the report", due_date: "2031-05-02" });
  const page = await user.signIn(context, "/?view=all");
  await isLive(page);
  const elsewhere = await context.newPage();
  await elsewhere.goto("/settings");
  await elsewhere.getByLabel("Language", { exact: true }).selectOption("Deutsch");

  for (const tab of [elsewhere, page]) {
    await expect(tab.locator("html")).toHaveAttribute("lang", "de");
    const links = tab.getByRole("navigation", { name: "Aufgaben" }).getByRole("link");
    await expect(links.filter({ hasText: "Überfällig" })).toBeVisible();
    await expect(
      links.filter({ hasText: /^(Inbox|Today|Upcoming|Overdue|All tasks|Completed|Trash)/ }),
    ).toHaveCount(0);
  }
  await expect(elsewhere).toHaveTitle("Einstellungen · Taskwire");
  await expect(page).toHaveTitle("Alle Aufgaben · Taskwire");
  await page.reload();
  await expect(page).toHaveTitle("Alle Aufgaben · Taskwire");
  await expect(row(page, "Send the report")).toContainText("2. Mai 2031");
});

test("a visitor reads the first page in the browser's language", async ({ browser }) => {
  const context = await browser.newContext({ locale: "es-MX" });
  const page = await context.newPage();
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "Una lista de tareas que lee lo que escribes.",
  );
  await expect(page.locator("html")).toHaveAttribute("lang", "es");
  await expect(page).toHaveTitle("Taskwire: una lista de tareas que te entiende");
  await context.close();
});
