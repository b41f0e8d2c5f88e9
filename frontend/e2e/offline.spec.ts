import { add, expect, goOffline, isLive, row, testWithWorker as test } from "./fixtures";

test("offline, five changes and a reload lose nothing, and all of it arrives once", async ({
  user,
  context,
  other,
}) => {
  await user.create({ title: "Rename me" });
  await user.create({ title: "Complete me" });
  await user.create({ title: "Delete me" });
  const page = await user.signIn(context);
  await expect(row(page, "Delete me")).toBeVisible();
  const before = await user.events();
  await goOffline(page);
  await add(page, "Made offline");
  await add(page, "Made offline too");
  await row(page, "Rename me").dblclick();
  await page.getByRole("grid").getByLabel("Title").fill("Renamed");
  await page.keyboard.press("Enter");
  await row(page, "Complete me").getByRole("checkbox").click();
  await row(page, "Delete me").focus();
  await page.keyboard.press("Delete");
  await expect(page.getByText("5 waiting")).toBeVisible();
  await expect(row(page, "Made offline too")).toBeVisible();
  expect(await user.events()).toBe(before);

  await page.reload();
  await expect(page.locator("[data-live=offline]")).toContainText("5 waiting");
  await expect(row(page, "Made offline too")).toBeVisible();
  await expect(row(page, "Renamed")).toBeVisible();
  await expect(row(page, "Delete me")).toBeHidden();
  const kept = await page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = await Promise.all(caches_.map((cache) => cache.keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(kept).toContain("/");
  expect(kept.filter((path) => /^\/(api|mcp)/.test(path))).toEqual([]);
  expect(await user.events()).toBe(before);

  await context.setOffline(false);
  await isLive(page);
  await expect.poll(() => user.events()).toBe(before + 5);
  expect((await user.tasks()).map((task) => task.title).sort()).toEqual([
    "Complete me",
    "Made offline",
    "Made offline too",
    "Renamed",
  ]);
  const elsewhere = await user.signIn(other);
  await expect(row(elsewhere, "Made offline too")).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Made offline" })).toHaveCount(2);
});

test("offline, changes and their undo wait together, and arrive in order", async ({ user, context }) => {
  await user.create({ title: "Keep me" });
  const page = await user.signIn(context);
  await expect(row(page, "Keep me")).toBeVisible();
  await goOffline(page);
  await add(page, "Made offline");
  await add(page, "Made by mistake");
  await page.keyboard.press("Escape");
  await page.keyboard.press("z");
  await expect(page.getByText("You are offline. This is sent when you are online again.")).toBeVisible();
  await expect(row(page, "Made by mistake")).toBeHidden();
  await row(page, "Keep me").focus();
  await page.keyboard.press("Delete");
  await page.keyboard.press("z");
  await expect(row(page, "Keep me")).toBeVisible();
  await context.setOffline(false);
  await isLive(page);
  await expect(page.getByText(/waiting/)).toBeHidden();
  await expect
    .poll(async () => (await user.tasks()).map(({ title }) => title).sort())
    .toEqual(["Keep me", "Made offline"]);
});
