import {
  type APIRequestContext,
  type BrowserContext,
  expect,
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
    expect(response.status()).toBe(201);
    return (await response.json()) as Schema["Task"];
  }

  /** At most a hundred operations, all or none. */
  async batch(operations: Record<string, unknown>[]): Promise<string[]> {
    const response = await this.api.post("/api/todos/batch", { data: { operations } });
    expect(response.status()).toBe(200);
    return ((await response.json()) as Schema["BatchResults"]).results.map(({ id }) => id);
  }

  async patch(id: string, patch: Record<string, unknown>): Promise<void> {
    expect((await this.api.patch(`/api/todos/${id}`, { data: patch })).status()).toBe(200);
  }

  async complete(id: string): Promise<void> {
    const response = await this.api.patch(`/api/todos/${id}/complete`, { data: { completed: true } });
    expect(response.status()).toBe(200);
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
    return ((await response.json()) as Schema["TaskPage"]).items;
  }

  async events(): Promise<number> {
    const response = await this.api.get("/api/history?limit=200");
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

export async function add(page: Page, text: string) {
  await page.getByLabel("New task").fill(text);
  await page.getByLabel("New task").press("Enter");
}

export const test = base.extend<{ user: User; other: BrowserContext }>({
  user: async ({ baseURL }, provide) => {
    const email = `e2e-${crypto.randomUUID()}@example.org`;
    const password = "correct horse battery";
    const anybody = await request.newContext({ baseURL: baseURL! });
    const response = await anybody.post("/api/auth/register", { data: { email, password, name: "Ada" } });
    expect(response.status()).toBe(201);
    const { access_token } = (await response.json()) as { access_token: string };
    const api = await request.newContext({
      baseURL: baseURL!,
      extraHTTPHeaders: { Authorization: `Bearer ${access_token}` },
    });
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
