import type { CDPSession, Locator, Page } from "@playwright/test";
import { expect, isLive, row, test, titles, toast } from "./fixtures";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

/** A finger, as the browser sees a real one: it may decide to scroll. */
class Finger {
  private at = { x: 0, y: 0 };
  constructor(private readonly cdp: CDPSession) {}

  private send = (type: "touchStart" | "touchMove" | "touchEnd") =>
    this.cdp.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : [this.at],
    });

  /** Touches a target and moves by a distance, without rest: a finger that stays for half a second selects. */
  async drag(target: Locator, x: number, y = 0) {
    const box = (await target.boundingBox())!;
    this.at = { x: box.x + box.width * (x < 0 ? 0.9 : x > 0 ? 0.3 : 0.5), y: box.y + box.height / 2 };
    const sent = [this.send("touchStart")];
    for (let i = 0; (x || y) && i < 8; i++) {
      this.at = { x: this.at.x + x / 8, y: this.at.y + y / 8 };
      sent.push(this.send("touchMove"));
    }
    await Promise.all(sent);
  }

  press = (target: Locator) => this.drag(target, 0);

  lift = () => this.send("touchEnd");

  async swipe(target: Locator, x: number, y = 0) {
    await this.drag(target, x, y);
    await this.lift();
  }
}

/** Everything that a finger should hit, and is smaller than 44 px. A link in a sentence may be; the one to skip is for keys. */
const small = (page: Page) =>
  page.locator("button, a, select, input, [role=checkbox], summary").evaluateAll((all) =>
    all.flatMap((one) => {
      const { width, height, bottom } = one.getBoundingClientRect();
      const seen = one.checkVisibility({ visibilityProperty: true }) && bottom > 0 && !one.closest("p");
      return seen && (width < 44 || height < 44) ? [`${one.outerHTML.slice(0, 120)} ${width}x${height}`] : [];
    }),
  );

test("rows are selected, completed, postponed, deleted and moved with a finger", async ({
  user,
  context,
}) => {
  await user.batch(
    ["First", "Second", "Third"].map((title, i) => ({ op: "create", task: { title, position: `a${i}` } })),
  );
  const page = await user.signIn(context);
  await expect.poll(() => titles(page)).toEqual(["First", "Second", "Third"]);
  const finger = new Finger(await context.newCDPSession(page));
  /** While toasts still move, a tap may miss: then one taps again. */
  const undo = async (act: string, title: string) => {
    const shown = toast(page, act);
    await expect(async () => {
      if (await row(page, title).isVisible()) return;
      await shown.getByRole("button", { name: "Undo", exact: true }).tap({ timeout: 2000 });
      await expect(row(page, title)).toBeVisible({ timeout: 2000 });
    }).toPass({ timeout: 30_000 });
  };
  const before = await user.events();

  // A swipe that is not far enough, and one that is a scroll, do nothing.
  await finger.swipe(row(page, "First"), 50);
  await finger.swipe(row(page, "Second"), 40, -200);
  await expect(page.locator("[data-swipe]")).toHaveCount(0);
  expect(await user.events()).toBe(before);

  await finger.drag(row(page, "First"), 140);
  await expect(page.locator("[data-swipe=complete]")).toBeVisible();
  await finger.lift();
  await expect(row(page, "First")).toBeHidden();
  await undo("Task completed", "First");

  await finger.swipe(row(page, "Second"), -140);
  await expect(page.getByText("Postponed to tomorrow")).toBeVisible();
  await expect(row(page, "Second")).toContainText("Tomorrow");

  await finger.swipe(row(page, "Third"), -280);
  await expect(row(page, "Third")).toBeHidden();
  await undo("Task deleted", "Third");
  await expect.poll(() => titles(page)).toEqual(["First", "Second", "Third"]);

  // A long press selects; then a tap selects too, and opens nothing.
  await finger.press(row(page, "Third"));
  const bar = page.getByRole("toolbar", { name: "1 selected" });
  await expect(bar).toBeVisible();
  await finger.lift();
  await bar.getByRole("button", { name: "Move up" }).tap();
  await expect.poll(() => titles(page)).toEqual(["First", "Third", "Second"]);
  await row(page, "First").tap();
  await expect(page.getByRole("toolbar", { name: "2 selected" })).toBeVisible();
  expect(await small(page)).toEqual([]);
  await page.getByRole("button", { name: "Clear selection" }).tap();
  await row(page, "First").tap();
  await expect(page).toHaveURL(/task=/);
});

test("what is shared is offered, and unread notifications are counted", async ({
  user,
  context,
  playwright,
  baseURL,
}) => {
  await context.addInitScript(() => {
    const set = (count: number) => {
      document.documentElement.dataset.badge = String(count);
      return Promise.resolve();
    };
    Object.assign(Navigator.prototype, { setAppBadge: set, clearAppBadge: () => set(0) });
  });
  const page = await user.signIn(
    context,
    "/?share_title=A+recipe&share_text=Read+this+tomorrow&share_url=https%3A%2F%2Fexample.org%2Fsoup",
  );
  await expect(page.getByLabel("New task")).toHaveValue(
    "A recipe Read this tomorrow https://example.org/soup",
  );
  await expect(page.getByRole("list", { name: "Recognized" })).toContainText("Tomorrow");
  await expect(page).toHaveURL(/\/$/);
  expect(await user.tasks()).toEqual([]);
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await user.tasks()).length).toBe(1);

  // A sign-in from a device that the account does not know is notified.
  await expect(page).toHaveTitle("Today · Taskwire");
  const elsewhere = await playwright.request.newContext({ baseURL: baseURL!, userAgent: "Elsewhere/1.0" });
  const { email, password } = user;
  expect((await elsewhere.post("/api/auth/login", { data: { email, password } })).status()).toBe(200);
  await elsewhere.dispose();
  await expect(page).toHaveTitle("(1) Today · Taskwire");
  await expect(page.locator("html")).toHaveAttribute("data-badge", "1");
  await page.goto("/?view=all");
  await isLive(page);
  await expect(page).toHaveTitle("(1) All tasks · Taskwire");
  await page.getByRole("button", { name: "Notifications, 1 unread" }).tap();
  await page
    .getByRole("button", { name: /^Mark .* read/i })
    .first()
    .tap();
  await expect(page).toHaveTitle("All tasks · Taskwire");
  await expect(page.locator("html")).toHaveAttribute("data-badge", "0");
});
