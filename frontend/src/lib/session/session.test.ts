import { openDB } from "idb";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { Op } from "@/features/tasks/outbox/op";
import { ReplicaStorage } from "@/features/tasks/replica/storage";
import { api } from "@/lib/api/client";
import { deleteDatabase, forgetOthers, hasUnsent, openDatabase } from "@/lib/store/database";
import { account, problem, server, sessionAnswer } from "@/testing/server";
import { makeTask } from "@/testing/tasks";
import { exchange } from "./exchange";
import { session } from "./session";

test("many requests with an expired token make one refresh", async () => {
  let refreshes = 0;
  server.use(
    http.post("*/api/auth/refresh", () => {
      refreshes++;
      return HttpResponse.json(sessionAnswer("fresh"));
    }),
    http.get("*/api/todos", ({ request }) =>
      request.headers.get("Authorization") === "Bearer fresh"
        ? HttpResponse.json({ items: [], next_cursor: null })
        : problem(401),
    ),
  );
  session.enter(sessionAnswer("stale"));
  await Promise.all([1, 2, 3, 4].map(() => api.get("/api/todos")));
  expect(refreshes).toBe(1);
});

test("an exchange whose answer was lost is asked for again with its key", async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.post("*/api/auth/refresh", ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key"));
      return keys.length === 1 ? HttpResponse.error() : HttpResponse.json(sessionAnswer());
    }),
  );
  await expect(exchange()).rejects.toThrow();
  await exchange();
  await exchange();
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[1]);
});

test("the token is nowhere but in memory", async () => {
  session.enter(sessionAnswer("secret-token"));
  expect(
    JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }) + document.cookie,
  ).not.toContain("secret-token");
});

/** The databases of users in this browser, with how many tasks and unsent changes each has. */
async function kept() {
  const found: Record<string, [tasks: number, unsent: number]> = {};
  for (const { name } of await indexedDB.databases()) {
    const db = await openDB(name!);
    found[name!] = [await db.count("tasks"), await db.count("outbox")];
    db.close();
  }
  return found;
}

async function keep(userId: string, unsent: Op[]) {
  const db = (await openDatabase(userId))!;
  const storage = new ReplicaStorage(db);
  await storage.replace([makeTask({ id: "t1" })], "e-1");
  for (const op of unsent) await db.add("outbox", op);
  return { db, storage };
}

const op: Op = { key: "k", at: 1, version: null, change: { kind: "delete", id: "t1" } };

test("when the server ends the session, the tasks go, and unsent changes wait for their owner", async () => {
  server.use(http.post("*/api/auth/refresh", () => problem(401)));
  const { storage } = await keep(account.id, [op]);
  session.enter(sessionAnswer());
  await expect(session.renew("token-1")).rejects.toMatchObject({ status: 401 });
  await expect.poll(kept).toEqual({ [`taskwire.${account.id}`]: [0, 1] });
  expect(await hasUnsent()).toBe(true);
  // What a tab was still about to write comes too late.
  storage.note("t2", makeTask({ id: "t2" }), "e-2");
  await storage.flush();
  await storage.replace([makeTask({ id: "t2" })], "e-2");
  expect(await kept()).toEqual({ [`taskwire.${account.id}`]: [0, 1] });
  // Another user's database is another one; the owner's has the change, and no task that was never whole.
  const db = (await openDatabase(account.id))!;
  expect(await db.getAll("outbox")).toMatchObject([{ key: "k" }]);
  expect(await new ReplicaStorage(db).read()).toBeNull();
  await deleteDatabase(account.id);
});

test("without unsent changes nothing is left, nor of users whose session ended unseen", async () => {
  server.use(http.post("*/api/auth/refresh", () => problem(401)));
  await keep(account.id, []);
  await keep("somebody-before", []);
  session.enter(sessionAnswer());
  await forgetOthers(() => account.id);
  expect(Object.keys(await kept())).toEqual([`taskwire.${account.id}`]);
  await expect(session.renew("token-1")).rejects.toMatchObject({ status: 401 });
  await expect.poll(kept).toEqual({});
  expect(await hasUnsent()).toBe(false);
});

test("a refused refresh ends the session", async () => {
  server.use(http.post("*/api/auth/refresh", () => problem(401)));
  session.enter(sessionAnswer());
  await expect(session.renew("token-1")).rejects.toMatchObject({ status: 401 });
  expect(session.getState()).toEqual({ status: "out", account: null });
});
