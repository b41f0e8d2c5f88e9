import { expect, row, test } from "./fixtures";

test("an occurrence is edited alone or with all later ones, skipped, and deleted", async ({
  user,
  context,
}) => {
  const due = new Date(Date.now() + 5 * 86_400_000).toISOString();
  const task = await user.create({
    title: "Water the plants",
    due_at: due,
    timezone: "Europe/Berlin",
    recurrence: { rrule: "FREQ=WEEKLY;COUNT=6" },
  });
  const page = await user.signIn(context, `/?view=all&task=${task.id}`);
  const panel = page.getByRole("complementary");
  const question = page.getByRole("dialog");
  const open = async () => (await user.tasks()).filter((t) => !t.completed);

  await panel.getByRole("textbox", { name: "Title" }).fill("Water the palm");
  await page.keyboard.press("Enter");
  await expect(question).toContainText("This one or all later ones?");
  await question.getByRole("button", { name: "Only this one" }).click();
  await expect(row(page, "Water the palm")).toBeVisible();
  await panel.getByRole("button", { name: "History" }).click();
  await expect(panel.getByText("Title changed, only this time")).toBeVisible();

  await panel
    .getByRole("button", { name: "Add a reminder" })
    .or(panel.getByRole("button", { name: "Remind: As in your settings", exact: true }))
    .first()
    .click();
  await page.getByRole("menuitem", { name: "1 hour before" }).click();
  await question.getByRole("button", { name: "This and all later ones" }).click();
  await expect.poll(async () => (await open())[0]?.reminders).toEqual(["PT1H"]);

  // The editor shows the next five dates; of six there are five left.
  await panel.locator("dd").nth(1).getByRole("button").click();
  const editor = page.getByRole("dialog", { name: "Repeat" });
  await expect(editor.getByRole("list", { name: "Next dates" }).getByRole("listitem")).toHaveCount(5);
  await page.keyboard.press("Escape");

  // Skipped: the next one is as the series is, with the reminder that was meant for all.
  await panel.getByRole("button", { name: "Skip this occurrence" }).click();
  await expect(page.getByText("Task skipped")).toBeVisible();
  await expect(row(page, "Water the plants")).toBeVisible();
  const [second] = await open();
  expect(second).toMatchObject({ title: "Water the plants", reminders: ["PT1H"], series: { number: 2 } });

  await row(page, "Water the plants").click();
  await page.keyboard.press("Delete");
  await expect(question).toContainText("Skip this one or end the series?");
  await question.getByRole("button", { name: "End the series" }).click();
  await expect(row(page, "Water the plants")).toHaveCount(0);
  await expect.poll(async () => (await open()).length).toBe(0);
});
