import { expectAccessible } from "./axe";
import { expect, row, testWithWorker as test } from "./fixtures";

const hostile = [
  "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>",
  "\u202Egnp.exe\u202C and \u2066isolated",
  "x".repeat(500),
  "👩‍👩‍👧‍👦🏳️‍🌈 emoji",
  "مرحبا بالعالم",
];

test("hostile titles are text", async ({ user, context }) => {
  for (const title of hostile) await user.create({ title, project: "<b>bold</b>", tags: ["<i>t</i>"] });
  const page = await user.signIn(context);
  await expect(page.getByRole("row")).toHaveCount(hostile.length);
  await expect(row(page, "<img src=x")).toBeVisible();
  await expect(page).toHaveTitle(/All tasks/);
  await row(page, "<img src=x").click();
  await expect(page.getByRole("complementary").getByRole("textbox", { name: "Title" })).toHaveValue(
    hostile[0]!,
  );
  expect(await page.locator("img, [role=grid] b, [role=grid] i").count()).toBe(0);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(wide).toBe(false);
});

test("nothing on any page breaks the policy, and it can be installed", async ({ user, context }) => {
  const broken: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") broken.push(message.text());
  });
  context.on("weberror", (error) => broken.push(error.error().message));
  const page = await user.signIn(context);
  await page.goto("/settings");
  const manifest = (await (await page.request.get("/manifest.webmanifest")).json()) as {
    name: string;
    start_url: string;
    display: string;
    icons: { src: string; sizes: string; purpose?: string }[];
  };
  expect(manifest).toMatchObject({ name: "Taskwire", start_url: "/", display: "standalone" });
  expect(manifest.icons.some(({ purpose }) => purpose === "maskable")).toBe(true);
  for (const { src, sizes } of manifest.icons) {
    const width = await page.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      return image.naturalWidth;
    }, src);
    if (sizes !== "any") expect(`${width}x${width}`).toBe(sizes);
  }
  await page.goto("/?view=upcoming");
  await page.goto("/sign-up");
  await expect(page).toHaveURL(/\/$/);
  expect(broken).toEqual([]);
});

test("axe finds nothing serious, light and dark", async ({ user, browser, page: outside }) => {
  await user.create({
    title: "A task with everything",
    description: "Words",
    priority: "high",
    project: "Home",
    tags: ["a", "b"],
    due_at: new Date(Date.now() - 3_600_000).toISOString(),
    recurrence: { rrule: "FREQ=DAILY", mode: "schedule" },
  });
  await user.create({ title: "Another", priority: "medium" });
  const context = await browser.newContext();
  const page = await user.signIn(context);
  await outside.goto("/sign-in");
  await expectAccessible(outside, "sign in");
  await outside.goto("/sign-up");
  await expectAccessible(outside, "sign up");
  await expectAccessible(page, "all");
  await row(page, "A task with everything").click();
  await page.getByRole("button", { name: "History" }).click();
  await expect(page.getByText("Created")).toBeVisible();
  await expectAccessible(page, "details");
  await page.getByRole("button", { name: "Repeat: Every day" }).click();
  await expect(page.getByRole("list", { name: "Next dates" }).getByRole("listitem")).toHaveCount(5);
  await expectAccessible(page, "repeat");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  for (const view of ["today", "upcoming", "overdue", "completed"]) {
    await page.goto(`/?view=${view}`);
    await expect(page.locator("[role=grid], h2:text-matches('.')").first()).toBeVisible();
    await expectAccessible(page, view);
  }
  // By now there is a notification about an overdue task.
  await page.getByRole("button", { name: "Notifications, 1 unread" }).click({ timeout: 90_000 });
  await expect(page.getByRole("button", { name: "Snooze A task with everything" })).toBeVisible();
  await expectAccessible(page, "notifications");
  await context.close();
});
