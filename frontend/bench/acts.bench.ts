import { test } from "../e2e/fixtures";
import { measure, openList, rowCount } from "./acts";
import { arranging, moving, searching } from "./arranging.acts";
import { changes, inTheDetails, many } from "./changing.acts";
import { opening, typing } from "./opening.acts";
import { furnish } from "./sample";

const COUNT = 2_000;
const rows = /^2\d{3}$/;
const byTitle = "/?view=all&sort=title";
const byHand = "/?view=all";

test("opening", async ({ user, context }) => {
  await furnish(user, COUNT);
  const page = await user.signIn(context);
  await measure(page, () => openList(page, byTitle, rows), opening);
});

test("typing", async ({ user, context }) => {
  await furnish(user, COUNT);
  const page = await user.signIn(context);
  await measure(page, () => openList(page, byTitle, rows), typing);
});

test("changing", async ({ user, context }) => {
  await furnish(user, COUNT);
  const page = await user.signIn(context);
  const open = () => openList(page, byTitle, rows);
  await open();
  const id = (await page.locator("[data-task]").nth(1).getAttribute("data-task"))!;
  await measure(page, open, [...changes(`[data-task="${id}"]`), ...inTheDetails]);
});

test("changing many", async ({ user, context }) => {
  await furnish(user, COUNT);
  const page = await user.signIn(context);
  const open = () => openList(page, byTitle, rows);
  await open();
  await measure(page, open, many(await rowCount(page)));
});

test("arranging", async ({ user, context }) => {
  await furnish(user, COUNT);
  const page = await user.signIn(context);
  await measure(page, () => openList(page, byHand, rows), await arranging(page));
});

test("moving between lists", async ({ user, context }) => {
  await furnish(user, COUNT);
  const page = await user.signIn(context);
  await measure(page, () => openList(page, byHand, rows), await moving(page));
});

test("searching", async ({ user, context }) => {
  await furnish(user, COUNT);
  const page = await user.signIn(context);
  await measure(page, () => openList(page, byHand, rows), await searching(page));
});
