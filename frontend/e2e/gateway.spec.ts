import { expect, isLive, row, test } from "./fixtures";
import { stack } from "./operator";

test("the gateway is killed and comes back: both windows catch up", async ({ user, context, other }) => {
  const one = await user.signIn(context);
  const two = await user.signIn(other);
  await stack("stop", "gateway", "--kill");
  try {
    await expect(one.locator("[data-live=reconnecting]")).toBeVisible();
    await one.getByLabel("New task").fill("Made while it was down");
    await one.getByLabel("New task").press("Enter");
    await expect(row(one, "Made while it was down")).toBeVisible();
  } finally {
    await stack("start", "gateway");
    await stack("wait", "gateway");
  }
  await isLive(one);
  await isLive(two);
  await expect(row(two, "Made while it was down")).toBeVisible();
  await expect(row(one, "Made while it was down")).toHaveCount(1);
});
