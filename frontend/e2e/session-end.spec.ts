import type { Page } from "@playwright/test";
import { add, expect, isLive, row, test } from "./fixtures";

/** The users that have a database in this browser, with their numbers of tasks and unsent changes. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const count = (db: IDBDatabase, store: string) =>
      new Promise<number>((resolve, reject) => {
        const request = db.transaction(store).objectStore(store).count();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
    const found: number[][] = [];
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name!);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
      found.push([await count(db, "tasks"), await count(db, "outbox")]);
      db.close();
    }
    return found;
  });

test("when the server ends the session the tasks go, and what was not sent is sent after the next sign-in", async ({
  user,
  context,
}) => {
  await user.create({ title: "Kept at the server" });
  const page = await user.signIn(context);
  await expect(row(page, "Kept at the server")).toBeVisible();
  await expect.poll(() => kept(page)).toEqual([[1, 0]]);

  // The user makes a change while no request gets through, and then the session ends.
  await context.route("**/api/todos", (route) => route.abort());
  await add(page, "Typed and not sent");
  await expect.poll(() => kept(page)).toEqual([[1, 1]]);
  expect((await context.request.post("/api/auth/logout")).status()).toBe(204);
  await page.reload();
  await expect(page).toHaveURL(/sign-in/);
  await expect.poll(() => kept(page)).toEqual([[0, 1]]);
  await expect(page.getByText("have not been sent yet")).toBeVisible();
  await expect(page.getByText("Typed and not sent")).toBeHidden();
  await context.unroute("**/api/todos");

  await page.getByLabel("Email").fill(user.email);
  await page.getByLabel("Password").fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await isLive(page);
  await expect
    .poll(async () => (await user.tasks()).map(({ title }) => title).sort())
    .toEqual(["Kept at the server", "Typed and not sent"]);
});
