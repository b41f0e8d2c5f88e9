import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "@/lib/session/session";
import { openDatabase } from "@/lib/store/database";
import { problem, server, sessionAnswer } from "@/testing/server";
import { makeTask, mapOf } from "@/testing/tasks";
import { type Change, type Op } from "./op";
import { Outbox, type OutboxMessage } from "./outbox";
import { project } from "./project";
import { MemoryQueue, StoredQueue } from "./queue";

let outbox: Outbox;
let told: OutboxMessage[];
const task = makeTask({ id: "t1", title: "old", version: 3 });
const op = (change: Change, version: number | null = null): Op => ({
  key: crypto.randomUUID(),
  at: 0,
  change,
  version,
});
const rename = (title: string): Change => ({
  kind: "patch",
  id: "t1",
  patch: { title },
  before: { title: "old" },
});

beforeEach(() => {
  session.enter(sessionAnswer());
  told = [];
  outbox = new Outbox(
    "u",
    new MemoryQueue(),
    (message) => told.push(message),
    () => 3,
  );
});
afterEach(() => outbox.stop());

test("a change is seen at once, and gone when it is refused", () => {
  const change = op(rename("new"), 3);
  expect(project(mapOf(task), [change]).get("t1")?.title).toBe("new");
  expect(project(mapOf(task), []).get("t1")?.title).toBe("old");
});

test("a deletion takes what is below with it", () => {
  const below = makeTask({ parent_id: "t1" });
  expect(project(mapOf(task, below), [op({ kind: "delete", id: "t1" })]).size).toBe(0);
});

test("what was lost on the way is sent again with the same key and id", async () => {
  const keys: (string | null)[] = [];
  const ids: string[] = [];
  server.use(
    http.post("*/api/todos", async ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key"));
      ids.push(((await request.json()) as { id: string }).id);
      return keys.length === 1
        ? HttpResponse.error()
        : HttpResponse.json(makeTask({ id: "t9" }), { status: 201 });
    }),
  );
  await outbox.add(op({ kind: "create", id: "t9", task: { title: "x", position: "a0" } }));
  await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 10_000 });
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
  expect(ids).toEqual(["t9", "t9"]);
  expect(told[0]).toMatchObject({ kind: "settled", outcome: { tasks: [{ id: "t9" }] } });
});

test("a task that the stream tells of before the answer is shown once, as the server has it", () => {
  const create = op({ kind: "create", id: "t9", task: { title: " x ", position: "a0" } });
  expect(project(mapOf(), [create]).get("t9")).toMatchObject({ title: " x ", version: 0 });
  const shown = project(mapOf(makeTask({ id: "t9", title: "x" })), [create]);
  expect([...shown.values()]).toMatchObject([{ id: "t9", title: "x", version: 1 }]);
});

test("a change of a task that was just made is based on the version that the server gave it", async () => {
  const seen: (string | null)[] = [];
  server.use(
    http.post("*/api/todos", () => HttpResponse.json(makeTask({ id: "t9", version: 7 }), { status: 201 })),
    http.patch("*/api/todos/t9", ({ request }) => {
      seen.push(request.headers.get("If-Match"));
      return HttpResponse.json(makeTask({ id: "t9", title: "y", version: 8 }));
    }),
  );
  void outbox.add(op({ kind: "create", id: "t9", task: { title: "x", position: "a0" } }));
  void outbox.add(op({ kind: "patch", id: "t9", patch: { title: "y" }, before: { title: "x" } }));
  await vi.waitFor(() => expect(told).toHaveLength(2), { timeout: 10_000 });
  expect(seen).toEqual(['"7"']);
});

test("changes of different fields in two places both stand", async () => {
  const theirs = { ...task, priority: "high" as const, version: 4 };
  const seen: (string | null)[] = [];
  server.use(
    http.patch("*/api/todos/t1", ({ request }) => {
      seen.push(request.headers.get("If-Match"));
      return seen.length === 1 ? problem(412) : HttpResponse.json({ ...theirs, title: "new", version: 5 });
    }),
    http.get("*/api/todos/t1", () => HttpResponse.json(theirs)),
  );
  await outbox.add(op(rename("new"), 3));
  await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 10_000 });
  expect(seen).toEqual(['"3"', '"4"']);
  expect(told[0]).toMatchObject({
    kind: "settled",
    outcome: { tasks: [{ title: "new", priority: "high" }] },
  });
});

test("tags that were added in two places both stay", async () => {
  const sent: unknown[] = [];
  server.use(
    http.patch("*/api/todos/t1", async ({ request }) => {
      sent.push(await request.json());
      return sent.length === 1
        ? problem(412, "The task has another version.")
        : HttpResponse.json(makeTask({ ...task, tags: ["old", "theirs", "mine"], version: 5 }));
    }),
    http.get("*/api/todos/t1", () =>
      HttpResponse.json(makeTask({ ...task, tags: ["old", "theirs"], version: 4 })),
    ),
  );
  const patch = { tags: ["mine"] };
  await outbox.add(op({ kind: "patch", id: "t1", patch, before: { tags: ["gone"] } }, 3));
  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(sent).toEqual([
    { tags_add: ["mine"], tags_remove: ["gone"] },
    { tags_add: ["mine"], tags_remove: ["gone"] },
  ]);
  expect(told[0]).toMatchObject({ kind: "settled", outcome: { tasks: [{ version: 5 }] } });
});

test("a change of the same field in two places is a question to the user", async () => {
  server.use(
    http.patch("*/api/todos/t1", () => problem(412)),
    http.get("*/api/todos/t1", () => HttpResponse.json({ ...task, title: "theirs", version: 4 })),
  );
  await outbox.add(op(rename("mine"), 3));
  await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 10_000 });
  expect(told[0]).toMatchObject({ kind: "conflict", theirs: { title: "theirs" } });
  // Until it is answered, the user's version is kept.
  expect(await outbox.pending()).toEqual([]);
  expect(await outbox.unsaved()).toMatchObject([{ status: 412, op: { change: rename("mine") } }]);
});

test("another tab sends what a tab had added before it was closed", async () => {
  server.use(http.delete("*/api/todos/t1", () => new HttpResponse(null, { status: 204 })));
  const queue = new StoredQueue((await openDatabase("closed-tab"))!);
  const other = new Outbox(
    "closed-tab",
    queue,
    (message) => told.push(message),
    () => 3,
  );
  const closed = new BroadcastChannel("taskwire.outbox.closed-tab");
  const added = await queue.add(op({ kind: "delete", id: "t1" }));
  closed.postMessage({ kind: "added", op: added });
  closed.close();
  await vi.waitFor(() => expect(told.map(({ kind }) => kind)).toEqual(["added", "settled"]));
  other.stop();
});

test("what the server refuses is not sent again", async () => {
  let calls = 0;
  server.use(
    http.patch("*/api/todos/t1", () => {
      calls++;
      return problem(422, "no", { errors: [{ field: "/title", detail: "too long" }] });
    }),
  );
  await outbox.add(op(rename("x".repeat(501)), 3));
  await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 10_000 });
  expect(told[0]).toMatchObject({ kind: "refused", unsaved: { status: 422, reason: "too long" } });
  expect(calls).toBe(1);
  expect(await outbox.pending()).toEqual([]);
  // What the user typed is kept until the user discards it.
  const [kept] = await outbox.unsaved();
  expect(kept?.op.change).toMatchObject({ patch: { title: "x".repeat(501) } });
  await outbox.discard(kept!.op.key);
  expect(await outbox.unsaved()).toEqual([]);
});

test("the stored queue outlives the tab, in its order", async () => {
  const db = await openDatabase("queue-test");
  const queue = new StoredQueue(db!);
  await queue.add(op({ kind: "create", id: "t9", task: { title: "a", position: "a0" } }));
  await queue.add(op({ kind: "delete", id: "t9" }));
  const [first] = await new StoredQueue(db!).all();
  await queue.remove(first!);
  expect((await queue.all()).map((o) => o.change)).toEqual([{ kind: "delete", id: "t9" }]);
  db!.close();
});

test("what the browser cannot store is kept in its order, and the user is asked before the tab is closed", async () => {
  const db = (await openDatabase("full"))!;
  const queue = new StoredQueue(db);
  const asked = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  const stored = await queue.add(op(rename("stored")));
  vi.spyOn(db, "add").mockRejectedValueOnce(new DOMException("no space", "QuotaExceededError"));
  const unstored = await queue.add(op(rename("unstored")));
  const after = await queue.add(op(rename("after it")));
  expect(await queue.all()).toEqual([stored, unstored, after]);
  expect(await db.count("outbox")).toBe(1);
  expect(asked()).toBe(true);
  for (const next of [stored, unstored, after]) {
    expect(await queue.first()).toEqual(next);
    await queue.remove(next);
  }
  expect(await queue.first()).toBeUndefined();
  expect(asked()).toBe(false);
  db.close();
});

test("a tab whose database was closed for a newer version goes on, and keeps what is refused", async () => {
  const db = (await openDatabase("newer-version"))!;
  const queue = new StoredQueue(db);
  db.close();
  const change = await queue.add(op(rename("new")));
  expect(await queue.first()).toEqual(change);
  await queue.refuse({ op: change, status: 422, reason: "no", title: null });
  expect(await queue.unsaved()).toMatchObject([{ op: { key: change.key } }]);
  await queue.discard(change.key);
  expect(await queue.unsaved()).toEqual([]);
});

test("the browser is asked once not to clear changes that wait for long", async () => {
  const persist = vi.fn(async () => true);
  Object.defineProperty(navigator, "storage", { value: { persist }, configurable: true });
  const sent = vi.fn();
  server.use(
    http.patch("*/api/todos/t1", () => {
      sent();
      return HttpResponse.error();
    }),
  );
  const db = (await openDatabase("waits-long"))!;
  outbox.stop();
  outbox = new Outbox(
    "waits-long",
    new StoredQueue(db),
    (message) => told.push(message),
    () => 3,
  );
  const failAgain = async () => {
    const before = sent.mock.calls.length;
    outbox.wake();
    await expect.poll(() => sent.mock.calls.length).toBeGreaterThan(before + 1);
  };
  await outbox.add({ ...op(rename("new"), 3), at: Date.now() });
  await failAgain();
  expect(persist).not.toHaveBeenCalled();
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 120_000);
  await failAgain();
  await failAgain();
  expect(persist).toHaveBeenCalledTimes(1);
  outbox.stop();
  db.close();
  Reflect.deleteProperty(navigator, "storage");
});
