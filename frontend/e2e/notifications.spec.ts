import { expect, isLive, row, test } from "./fixtures";

test("a reminder rings the bell, here and on another device", async ({ user, context, other }) => {
  const [one, two] = await Promise.all([user.signIn(context, "/settings"), user.signIn(other)]);
  // An overdue task causes a notification at once.
  const task = await user.create({
    title: "Send the report",
    due_at: new Date(Date.now() - 3_600_000).toISOString(),
  });
  for (const page of [one, two]) {
    await expect(page.getByRole("button", { name: "Notifications, 1 unread" })).toBeVisible({
      timeout: 90_000,
    });
  }
  await one.getByRole("button", { name: "Notifications, 1 unread" }).click();
  const list = one.getByRole("list", { name: "Notifications" });
  await list.getByRole("button", { name: /^Send the report/ }).click();
  await expect(one).toHaveURL(new RegExp(`task=${task.id}`));
  await isLive(one);
  await expect(row(one, "Send the report")).toBeVisible();
  // Reading here marks as read there.
  await expect(two.getByRole("button", { name: "Notifications", exact: true })).toBeVisible();
  await two.getByRole("button", { name: "Notifications", exact: true }).click();
  await two.getByRole("button", { name: "Snooze Send the report" }).click();
  // It disappears at once; only the response makes that final.
  const snoozed = two.waitForResponse((response) => response.url().endsWith("/snooze"));
  await two.getByRole("menuitem", { name: "1 hour" }).click();
  expect((await snoozed).status()).toBe(200);
  await expect(two.getByText("No notifications")).toBeVisible();
  await two.reload();
  await two.getByRole("button", { name: "Notifications", exact: true }).click();
  await expect(two.getByText("No notifications")).toBeVisible();
});

test("many overdue tasks are one notification, which shrinks and disappears with them", async ({
  user,
  context,
}) => {
  const page = await user.signIn(context, "/settings");
  const due_at = new Date(Date.now() - 3_600_000).toISOString();
  const ids = await user.batch(
    ["Water the plants", "Pay the rent", "Call Anna", "Book the train", "Renew the passport"].map(
      (title) => ({
        op: "create",
        task: { title, due_at },
      }),
    ),
  );
  await page.getByRole("button", { name: "Notifications, 1 unread" }).click({ timeout: 90_000 });
  const list = page.getByRole("list", { name: "5 tasks are overdue" });
  await expect(list.getByRole("listitem")).toHaveCount(5);
  await user.complete(ids[0]!);
  await expect(page.getByRole("list", { name: "4 tasks are overdue" }).getByRole("listitem")).toHaveCount(4);
  await expect(page.getByText("Water the plants")).toBeHidden();
  for (const id of ids.slice(1)) await user.complete(id);
  await expect(page.getByText("No notifications")).toBeVisible();
  await expect(page.locator("[data-unread]")).toBeHidden();
});
