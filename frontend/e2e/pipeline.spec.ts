import { expectAccessible } from "./axe";
import { expect, test } from "./fixtures";
import { park, promote } from "./operator";

test("an administrator sees events pass, and decides on dead letters", async ({ user, context }) => {
  await promote(user.email);
  const page = await user.signIn(context, "/admin/pipeline");
  await user.create({ title: "It passes" });

  const parts = page.getByRole("list", { name: "Parts" });
  await expect(parts.getByRole("listitem", { name: /^tasks, function, up, .+ ms$/ })).toBeVisible();
  await expect(
    parts.getByRole("listitem", { name: /^task-events, topic, (?!0\/s).+\/(s|min)/ }),
  ).toBeVisible();
  await expect(parts.getByRole("listitem", { name: /^mcp, function, up, lag \d/ })).toBeVisible();
  await expect(parts.getByRole("listitem", { name: /^outbox, store, up, \d+ waiting/ })).toBeVisible();
  const topics = page.getByRole("region", { name: "Topics and their consumers" });
  await expect(topics.getByRole("row", { name: /^task-events 3 partitions/ })).toBeVisible();
  await expect(topics.getByRole("row", { name: /^recurring-spawn/ })).toBeVisible();
  await expect(
    page.getByRole("region", { name: "Functions behind the gateway" }).getByRole("row", { name: /^tasks/ }),
  ).toBeVisible();
  await expect(page.getByText(/^p95 .+ · p99 /)).toBeVisible();

  // One arrives while the page is open.
  const consumer = `e2e-${crypto.randomUUID()}`;
  await park(consumer, "invalid: poison");
  const letters = page.getByRole("list", { name: "Dead letters" });
  const letter = letters.getByRole("listitem").filter({ hasText: consumer });
  await expect(letter).toContainText("invalid: poison");
  await expectAccessible(page, "pipeline");

  await letter.getByRole("button", { name: /^View/ }).click();
  await expect(page.getByLabel("The event", { exact: true })).toContainText("/e2e/dashboard");
  await page.keyboard.press("Escape");
  await letter.getByRole("button", { name: /^Redrive/ }).click();
  await expect(letter).toHaveCount(0);
  await page.getByRole("radio", { name: "Sent again" }).click();
  await letter.getByRole("button", { name: /^Discard/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await expect(letter).toHaveCount(0);
});

test("the pipeline is for administrators", async ({ user, context }) => {
  const page = await user.signIn(context);
  await expect(page.getByRole("link", { name: "Pipeline" })).toHaveCount(0);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("/admin/pipeline");
  await expect(page.getByText("This page is for administrators")).toBeVisible();
  expect(asked.filter((url) => url.includes("/api/admin/"))).toEqual([]);
});
