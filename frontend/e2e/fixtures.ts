import {
  type APIRequestContext,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
  request,
  test as base,
} from "@playwright/test";
import type { Schema } from "../src/lib/api/schema";

/** A new user for each test, with access to the API. */
export class User {
  constructor(
    readonly email: string,
    readonly password: string,
    private readonly api: APIRequestContext,
  ) {}

  async create(task: Record<string, unknown>): Promise<Schema["Task"]> {
    const response = await this.api.post("/api/todos", { data: task });
    expect(response.status(), await response.text()).toBe(201);
    return (await response.json()) as Schema["Task"];
  }

  /** At most a hundred operations, all or none. */
  async batch(operations: Record<string, unknown>[]): Promise<string[]> {
    const response = await this.api.post("/api/todos/batch", { data: { operations } });
    expect(response.status(), await response.text()).toBe(200);
    return ((await response.json()) as Schema["BatchResults"]).results.map(({ id }) => id);
  }

  async patch(id: string, patch: Record<string, unknown>): Promise<void> {
    expect((await this.api.patch(`/api/todos/${id}`, { data: patch })).status()).toBe(200);
  }

  async complete(id: string): Promise<void> {
    const response = await this.api.patch(`/api/todos/${id}/complete`, { data: { completed: true } });
    expect(response.status()).toBe(200);
  }

  async comment(id: string, text: string): Promise<void> {
    expect((await this.api.post(`/api/todos/${id}/comments`, { data: { text } })).status()).toBe(201);
  }

  /** Creates a project with sections. */
  async sections(project: string, names: readonly string[]): Promise<void> {
    const made = await this.api.post("/api/projects", { data: { name: project } });
    expect(made.status()).toBe(201);
    const { id } = (await made.json()) as { id: string };
    for (const name of names)
      expect((await this.api.post("/api/sections", { data: { project_id: id, name } })).status()).toBe(201);
  }

  async remove(id: string): Promise<void> {
    expect((await this.api.delete(`/api/todos/${id}`)).status()).toBe(204);
  }

  async prefer(preferences: Record<string, unknown>): Promise<void> {
    const now = (await (await this.api.get("/api/preferences")).json()) as object;
    const put = await this.api.put("/api/preferences", { data: { ...now, ...preferences } });
    expect(put.status()).toBe(200);
  }

  async tasks(): Promise<Schema["Task"][]> {
    const response = await this.api.get("/api/todos?status=all&limit=200");
    expect(response.status(), await response.text()).toBe(200);
    return ((await response.json()) as Schema["TaskPage"]).items;
  }

  async events(): Promise<number> {
    const response = await this.api.get("/api/history?limit=200");
    expect(response.status(), await response.text()).toBe(200);
    return ((await response.json()) as { items: unknown[] }).items.length;
  }

  /** Signs in and waits for the stream. session.spec.ts tests the form itself. */
  async signIn(context: BrowserContext, path = "/?view=all"): Promise<Page> {
    const { email, password } = this;
    const response = await context.request.post("/api/auth/login", { data: { email, password } });
    expect(response.status()).toBe(200);
    const { user } = (await response.json()) as { user: unknown };
    const page = await context.newPage();
    await page.goto("/icon.svg");
    await page.evaluate((account) => localStorage.setItem("taskwire.account", account), JSON.stringify(user));
    await page.goto(path);
    await isLive(page);
    return page;
  }
}

export const isLive = (page: Page) =>
  expect(page.locator("[data-live=live]")).toBeVisible({ timeout: 60_000 });
export const row = (page: Page, title: string) => page.getByRole("row").filter({ hasText: title });
export const titles = (page: Page) => page.locator("[data-task] [dir=auto]:first-child").allTextContents();

/** The toast with a text: the button of another may have the same name. */
export const toast = (page: Page, text: string) =>
  page.locator("[data-sonner-toast]").filter({ hasText: text });

/** Drags with the mouse to a place in an element, in steps: a drag begins after some pixels. */
export async function drag(page: Page, from: Locator, to: Locator, at: { x: number; y: number }) {
  await to.hover({ trial: true }); // once it no longer moves
  await from.hover();
  await page.mouse.down();
  const box = (await to.boundingBox())!;
  await page.mouse.move(box.x + at.x, box.y + at.y, { steps: 8 });
  await page.mouse.up();
}

export const grip = (page: Page, title: string) => row(page, title).locator("[data-grip]");

export async function add(page: Page, text: string) {
  await page.getByLabel("New task").fill(text);
  await page.getByLabel("New task").press("Enter");
}

/** Renames a task to "Mine" while offline, and to "Theirs" on another device meanwhile: a conflict once the page is online again. */
export async function renameInTwoPlaces(user: User, page: Page, { id, title }: Schema["Task"]) {
  await expect(row(page, title)).toBeVisible();
  await page.context().setOffline(true);
  await row(page, title).dblclick();
  await page.getByRole("grid").getByLabel("Title").fill("Mine");
  await page.keyboard.press("Enter");
  await user.patch(id, { title: "Theirs" });
  await page.context().setOffline(false);
}

/**
 * Fills a field in Firefox as `fill` does it in Chromium. There Playwright's own scripts share the page's objects: React,
 * which watches the element's own `value`, would take what they set for its own doing.
 */
async function fillByEvents(this: Locator, value: string, options?: { timeout?: number }) {
  await expect(this).toBeEditable(options);
  await this.focus(options);
  await this.evaluate((element, text) => {
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
      const { prototype } = element instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement;
      Object.getOwnPropertyDescriptor(prototype, "value")!.set!.call(element, text);
    } else {
      element.textContent = text;
    }
    element.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, data: text }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }, value);
}

/** In Firefox two clicks of WebDriver BiDi never are a double click. */
async function clickTwice(this: Locator) {
  await this.click();
  await this.click();
  await this.dispatchEvent("dblclick");
}

const inFirefox = (channel: string | undefined) => channel === "moz-firefox";

/** As the browser says: a user who signs in with another device is notified of it. */
const userAgentOf = (version: string, channel: string | undefined) =>
  inFirefox(channel)
    ? `Mozilla/5.0 (X11; Linux x86_64; rv:${version}) Gecko/20100101 Firefox/${version}`
    : `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/${version} Safari/537.36`;

export const test = base.extend<{ user: User; other: BrowserContext }, { acting: void }>({
  acting: [
    async ({ browser, channel }, provide) => {
      if (inFirefox(channel)) {
        const page = await browser.newPage();
        Object.assign(Object.getPrototypeOf(page.locator("body")), {
          fill: fillByEvents,
          dblclick: clickTwice,
        });
        await page.close();
      }
      await provide();
    },
    { scope: "worker", auto: true },
  ],
  user: async ({ baseURL, browser, channel }, provide) => {
    const email = `e2e-${crypto.randomUUID()}@example.org`;
    const password = "correct horse battery";
    const userAgent = userAgentOf(browser.version(), channel);
    const anybody = await request.newContext({ baseURL: baseURL!, userAgent });
    const response = await anybody.post("/api/auth/register", { data: { email, password, name: "Ada" } });
    expect(response.status()).toBe(201);
    const { access_token } = (await response.json()) as { access_token: string };
    const api = await request.newContext({
      baseURL: baseURL!,
      extraHTTPHeaders: { Authorization: `Bearer ${access_token}` },
    });
    // They are welcome.spec.ts's.
    expect((await api.put("/api/preferences", { data: { first_steps_dismissed: true } })).status()).toBe(200);
    await provide(new User(email, password, api));
    await Promise.all([anybody.dispose(), api.dispose()]);
  },
  // Another browser, which shares nothing with the first.
  other: async ({ browser }, provide) => {
    const context = await browser.newContext();
    await provide(context);
    await context.close();
  },
});

export { expect };

/** The service worker may install itself: for tests of being offline. */
export const testWithWorker = test.extend({ serviceWorkers: "allow" });

/** Goes offline once the service worker has kept the page, which does so by itself a little later. */
export async function goOffline(page: Page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    await navigator.serviceWorker.ready;
  });
  await page.context().setOffline(true);
  await expect(page.locator("[data-live=offline], [data-live=reconnecting]")).toBeVisible();
}
