import { expectAccessible } from "./axe";
import { expect, row, test } from "./fixtures";
import { observed, promote } from "./operator";

test("an administrator sees how a change travelled", async ({ user, context }) => {
  test.skip(
    !(await observed()),
    "the stack under test stores no traces, which this test reads: start the stack with --observe",
  );
  test.slow();
  await promote(user.email);
  await user.create({
    title: "Water the plants",
    due_at: "2098-06-03T08:00:00Z",
    recurrence: { rrule: "FREQ=WEEKLY", mode: "schedule" },
  });
  const page = await user.signIn(context);
  await row(page, "Water the plants").getByRole("checkbox").click();
  // Without loading the page anew: what was not answered yet would be sent twice, and the trace would show both.
  await page
    .getByRole("navigation")
    .getByRole("link", { name: /^Completed/ })
    .click();
  await row(page, "Water the plants").click();
  await page.getByRole("button", { name: "History" }).click();
  await page.getByRole("button", { name: "Trace: Completed" }).click();

  const dialog = page.getByRole("dialog", { name: "Trace" });
  const steps = dialog.getByRole("treegrid", { name: "Steps" });
  const step = (name: RegExp) => steps.getByRole("row", { name }).first();
  await expect(step(/^gateway PATCH/)).toBeVisible();
  await expect(step(/^tasks PATCH/)).toBeVisible();
  // The consumers' spans arrive a little later, while the dialog is open.
  await expect(step(/^recurring-spawn process task.completed/)).toBeVisible();
  await expect(step(/^mcp process task.completed/)).toBeVisible();
  await expect(step(/^gateway stream frame/)).toBeVisible();
  await expect(
    dialog.getByText(/^gateway .+ → tasks .+ → outbox .+ → broker .* → \d consumers? → screen after /),
  ).toBeAttached();
  await expectAccessible(page, "how it travelled");

  // With the keyboard alone.
  await step(/^gateway PATCH/).focus();
  await page.keyboard.press("ArrowDown");
  await expect(steps.getByRole("row", { name: /^gateway PATCH tasks/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(step(/^tasks/)).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(step(/^tasks PATCH/)).toBeVisible();

  await dialog.getByRole("link", { name: "Show it on the Pipeline page" }).click();
  await expect(page).toHaveURL(/\/admin\/pipeline\?trace=[0-9a-f]{32}$/);
  await expect(page.getByRole("treegrid", { name: "Steps" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Alerts" })).toBeVisible();
});

test("other users have no way to ask", async ({ user, context }) => {
  await user.create({ title: "Water the plants" });
  const page = await user.signIn(context);
  await row(page, "Water the plants").click();
  await page.getByRole("button", { name: "History" }).click();
  await expect(page.getByText("Created")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Trace:/ })).toHaveCount(0);
});
