import { expectAccessible } from "./axe";
import { expect, goOffline, isLive, row, testWithWorker as test, toast } from "./fixtures";

test("comments are written offline, kept, sent, seen elsewhere, edited, deleted and undone", async ({
  user,
  context,
  other,
}) => {
  const task = await user.create({ title: "Plan the trip" });
  const page = await user.signIn(context, `/?view=all&task=${task.id}`);
  const elsewhere = await user.signIn(other);
  const comments = page.getByRole("region", { name: "Comments" });
  const items = comments.getByRole("listitem");
  const field = comments.getByLabel("Write a comment");

  await field.fill("Take the **night train**");
  await field.press("Enter");
  await field.pressSequentially("[book](https://example.org) <img src=x>");
  await field.press("Control+Enter");
  await expect(field).toHaveValue("");
  await expect(items).toContainText(["You"]);
  await expect(items.getByRole("strong")).toHaveText("night train");
  await expect(items.getByRole("link", { name: "book" })).toBeVisible();
  await expect(items.locator("img")).toHaveCount(0);
  // The row says so on the other device, without its details.
  await expect(row(elsewhere, "Plan the trip")).toContainText("1 comment");
  await expectAccessible(page, "comments");

  await goOffline(page);
  await field.fill("Written offline");
  await field.press("Control+Enter");
  await expect(items.last()).toContainText("not sent yet");
  await field.fill("Half a thou");
  await page.reload();
  await expect(items).toContainText(["Written offline"]);
  await expect(field).toHaveValue("Half a thou");
  await expect(comments.getByText("The comments could not be loaded.")).toBeVisible();
  await context.setOffline(false);
  await isLive(page);
  await expect(items).toHaveCount(2);
  await expect(items.last()).toContainText("Written offline");
  await expect(comments.getByText("not sent yet")).toBeHidden();
  await expect(row(elsewhere, "Plan the trip")).toContainText("2 comments");

  await row(elsewhere, "Plan the trip").click();
  const theirs = elsewhere.getByRole("region", { name: "Comments" }).getByRole("listitem");
  await expect(theirs).toHaveCount(2);
  await items.last().getByRole("button", { name: /^Edit/ }).click();
  await items.last().getByLabel("Comment").fill("Written on the way");
  await items.last().getByLabel("Comment").press("Control+Enter");
  await expect(theirs.last()).toContainText("edited");
  await expect(theirs.last()).toContainText("Written on the way");
  await items
    .first()
    .getByRole("button", { name: /^Delete/ })
    .click();
  await expect(theirs).toHaveCount(1);
  await expect(row(elsewhere, "Plan the trip")).toContainText("1 comment");
  await toast(page, "Comment deleted").getByRole("button", { name: "Undo" }).click();
  await expect(theirs).toHaveCount(2);
  await expect(theirs.first()).toContainText("night train");
  // Undo goes on to what was done before, and names it.
  await page.keyboard.press("z");
  await expect(page.getByText("Undone: edited a comment on “Plan the trip”")).toBeVisible();
  await expect(theirs.last()).toContainText("Written offline");
  await expect(theirs.last()).not.toContainText("edited");
});
