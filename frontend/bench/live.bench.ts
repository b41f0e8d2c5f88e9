import { add, expect, row, test } from "../e2e/fixtures";
import { describe, say, sayLoad } from "./report";

const ROUNDS = 20;

test("what one device does is seen on another", async ({ user, context, other }) => {
  sayLoad();
  const one = await user.signIn(context);
  const two = await user.signIn(other);
  const took: Record<string, number[]> = { create: [], edit: [], complete: [], delete: [], reorder: [] };
  const time = async (what: string, act: () => Promise<void>, seen: () => Promise<void>) => {
    const began = performance.now();
    await Promise.all([act(), seen().then(() => took[what]!.push(performance.now() - began))]);
  };
  const first = (title: string) => expect(two.getByRole("row").first()).toContainText(title);
  await add(one, "At the bottom");
  await expect(row(two, "At the bottom")).toBeVisible();
  for (let i = 0; i < ROUNDS; i++) {
    const title = `Number ${i}.`;
    await time(
      "create",
      () => add(one, title),
      () => row(two, title).waitFor(),
    );
    await row(one, title).dblclick();
    await one.getByRole("grid").getByLabel("Title").fill(`${title} Edited`);
    await time(
      "edit",
      () => one.keyboard.press("Enter"),
      () => row(two, `${title} Edited`).waitFor(),
    );
    await row(one, title).focus();
    await time(
      "reorder",
      () => one.keyboard.press("Alt+ArrowDown"),
      () => first("At the bottom"),
    );
    await one.keyboard.press("Alt+ArrowUp");
    await first(title);
    const done = i % 2 === 0 ? "complete" : "delete";
    await time(
      done,
      () =>
        done === "complete" ? row(one, title).getByRole("checkbox").click() : one.keyboard.press("Delete"),
      () => row(two, title).waitFor({ state: "detached" }),
    );
  }
  for (const [what, ms] of Object.entries(took))
    say(`${what}: from the hand to another browser`, describe(ms));
  sayLoad();
});
