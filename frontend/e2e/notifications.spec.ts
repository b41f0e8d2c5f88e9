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
