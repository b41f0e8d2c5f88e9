import { act, renderHook } from "@testing-library/react";
import { openDB } from "idb";
import { expect, test, vi } from "vitest";
import { http } from "msw";
import { session } from "@/lib/session/session";
import { deleteDatabase, forgetOthers, hasUnsent, openDatabase } from "@/lib/store/database";
import { account, problem, server, sessionAnswer } from "@/testing/server";
import { makeTask } from "@/testing/tasks";
import type { Op } from "../outbox/op";
import { useKeptDraft } from "../hooks/use-kept-draft";
import { ReplicaStorage } from "./storage";

/** The databases of users in this browser, with their numbers of tasks and unsent changes. */
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
  // A tab's pending write comes too late.
  storage.note("t2", makeTask({ id: "t2" }), "e-2");
  await storage.flush();
  await storage.replace([makeTask({ id: "t2" })], "e-2");
  expect(await kept()).toEqual({ [`taskwire.${account.id}`]: [0, 1] });
  // Other users have other databases; the owner's has the change, and no tasks that were incomplete.
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

test("a comment that is being written waits for its owner too, and goes when the user signs out", async () => {
  server.use(http.post("*/api/auth/refresh", () => problem(401)));
  const draftOf = (userId: string) =>
    renderHook(() => useKeptDraft("comment", "t1", userId)).result.current[0];
  for (const unsent of [[], [op]]) {
    await keep(account.id, unsent);
    session.enter(sessionAnswer());
    const { result, unmount } = renderHook(() => useKeptDraft("comment", "t1", account.id));
    act(() => result.current[1]("half a thought"));
    unmount();
    localStorage.setItem(`taskwire.lists.${account.id}`, "{}");
    await expect(session.renew("token-1")).rejects.toMatchObject({ status: 401 });
    await expect.poll(kept).toEqual(unsent.length > 0 ? { [`taskwire.${account.id}`]: [0, 1] } : {});
    expect(localStorage.getItem(`taskwire.lists.${account.id}`)).toBeNull();
    expect(draftOf(account.id)).toBe("half a thought");
    expect(draftOf("another")).toBe("");
    await deleteDatabase(account.id);
    expect(draftOf(account.id)).toBe("");
  }
});

test("a database that another tab deletes meanwhile is not made again", async () => {
  const deleted = [{ name: "taskwire.deleted-meanwhile", version: 2 }];
  vi.spyOn(indexedDB, "databases").mockResolvedValueOnce(deleted);
  expect(await hasUnsent()).toBe(false);
  expect(await kept()).toEqual({});
});
