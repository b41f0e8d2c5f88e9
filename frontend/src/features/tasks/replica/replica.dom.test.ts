import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveEventName, LiveEvents } from "@/lib/live/events";
import { live, type LiveOwner } from "@/lib/live/live";
import { session } from "@/lib/session/session";
import { openDatabase } from "@/lib/store/database";
import { failNextWrite } from "@/testing/full-disk";
import { server, sessionAnswer } from "@/testing/server";
import { makeTask } from "@/testing/tasks";
import type { Task } from "../task";
import { Replica } from "./replica";
import { ReplicaStorage } from "./storage";

let users = 0;
let owner: LiveOwner;
let handlers: [string, (data: never, id: string) => void][];
let replica: Replica;

/** A tab of a user with these tasks in the browser's database, and the storage of another tab. */
async function openTab(stored: Task[], position: string | null) {
  const userId = `tab-${++users}`;
  const db = (await openDatabase(userId))!;
  const other = new ReplicaStorage(db);
  if (position) await other.replace(stored, position);
  replica = new Replica(userId, new ReplicaStorage(db), () => {});
  await replica.start();
  return other;
}

function receive<Name extends LiveEventName>(name: Name, data: Partial<LiveEvents[Name]>, id: string) {
  live.position = id;
  for (const [of, handle] of handlers) if (of === name) handle(data as never, id);
}

const change = (task: Task, seq: number) =>
  receive("sync.task-changed", { task_id: task.id, task, seq }, `e-${seq}`);

/** The server has these open tasks, and answers once it is ready. */
const serve = (items: Task[], ready = Promise.resolve()) =>
  server.use(
    http.get("*/api/todos", async ({ request }) => {
      await ready;
      const open = new URL(request.url).searchParams.get("status") === "open";
      return HttpResponse.json({ items: open ? items : [], next_cursor: null });
    }),
  );

const title = () => replica.tasks.get("t1")?.title;

beforeEach(() => {
  session.enter(sessionAnswer());
  handlers = [];
  vi.spyOn(live, "on").mockImplementation((name, handle) => {
    handlers.push([name, handle as never]);
    return () => {};
  });
  vi.spyOn(live, "start").mockImplementation((_, position, given) => {
    live.position = position;
    owner = given;
  });
});
afterEach(() => {
  replica.stop();
  live.leading = false;
});

test("after a restore of a backup, the tasks are as in the backup, though their versions are lower", async () => {
  const backup = makeTask({ id: "t1", title: "as in the backup", version: 5 });
  serve([backup]);
  const other = await openTab([makeTask({ id: "t1", title: "edited after it", version: 7 })], "old-90");
  live.leading = true;
  receive("sync.reset", {}, "new-50");
  await expect.poll(title).toBe("as in the backup");
  await expect.poll(() => other.read()).toEqual({ tasks: [backup], position: "new-50" });
});

test("a task that was deleted after the backup is there again", async () => {
  const backup = makeTask({ id: "t1", title: "deleted later", version: 5 });
  serve([backup]);
  await openTab([makeTask({ id: "t1", title: "deleted later", version: 7 })], "old-90");
  receive("sync.task-changed", { task_id: "t1", task: null, seq: 91 }, "old-91");
  expect(title()).toBeUndefined();
  live.leading = true;
  receive("sync.reset", {}, "new-50");
  await expect.poll(title).toBe("deleted later");
});

test("what changes while everything is reloaded is newer than the pages", async () => {
  serve([makeTask({ id: "t1", title: "of the page", version: 5 })]);
  await openTab([makeTask({ id: "t1", title: "before", version: 7 })], "old-90");
  live.leading = true;
  receive("sync.reset", {}, "new-50");
  change(makeTask({ id: "t1", title: "changed meanwhile", version: 6 }), 51);
  await expect.poll(() => replica.complete).toBe(true);
  expect(title()).toBe("changed meanwhile");
});

test("the tab that takes over from one that was closed while it reloaded reloads itself", async () => {
  serve([makeTask({ id: "t1", title: "new", version: 2 })]);
  const other = await openTab([makeTask({ id: "t1", title: "old" })], "e-5");
  receive("sync.reset", {}, "e-2000");
  expect(title()).toBe("old");
  live.leading = true;
  owner.lead();
  await expect.poll(title).toBe("new");
  await expect.poll(async () => (await other.read())?.position).toBe("e-2000");
});

test("what changes while another tab stores what it reloaded is not lost", async () => {
  const other = await openTab([makeTask({ id: "t1", title: "first" })], "e-5");
  const read = vi.spyOn(ReplicaStorage.prototype, "read");
  owner.reread("e-5"); // as to any tab that is opened
  await expect.poll(() => read.mock.settledResults).toHaveLength(1);
  const relabels = [{ from: "A", to: "B", tasks: null, count: 1000 }];
  receive("sync.project-changed", { seq: 10, relabels }, "e-10");
  await other.replace([makeTask({ id: "t1", title: "first", version: 2 })], "e-10");
  change(makeTask({ id: "t1", title: "second", version: 3 }), 11);
  owner.reread("e-10");
  await expect.poll(() => read.mock.settledResults).toHaveLength(2);
  expect(title()).toBe("second");
  expect(live.position).toBe("e-11");
});

test("a tab that takes over before it has what it missed resumes from what it read", async () => {
  const task = makeTask({ id: "t1" });
  const other = await openTab([task], "e-5");
  change(makeTask({ id: "t2" }), 7);
  live.leading = true;
  owner.lead();
  expect(live.position).toBe("e-5");
  expect(await other.read()).toEqual({ tasks: [task], position: "e-5" });
  change(makeTask({ id: "t3" }), 6);
  window.dispatchEvent(new Event("pagehide"));
  await expect.poll(async () => (await other.read())?.position).toBe("e-6");
});

test.each<[string, string | null]>([
  ["nothing", null],
  ["what was stored long before", "e-5"],
])("a tab that reads %s, because the other one cannot store, loads by itself", async (_, position) => {
  serve([makeTask({ id: "t1", title: "new", version: 2 })]);
  const other = await openTab([makeTask({ id: "t1", title: "old" }), makeTask({ id: "t2" })], position);
  owner.reread("e-9");
  await expect.poll(() => [...replica.tasks.values()].map((task) => task.title)).toEqual(["new"]);
  await expect.poll(() => replica.complete).toBe(true);
  expect(live.position).toBe("e-9");
  expect((await other.read())?.position ?? null).toBe(position);
  live.leading = true;
  owner.lead();
  await expect.poll(async () => (await other.read())?.position).toBe("e-9");
});

/** The server answers with these tasks only when the returned function is called. */
function serveLater(...items: Task[]) {
  let answer = () => {};
  const ready = new Promise<void>((resolve) => (answer = resolve));
  serve(items, ready);
  return answer;
}

test("what changes while a tab loads by itself is not lost", async () => {
  const answer = serveLater(makeTask({ id: "t1", title: "page" }));
  await openTab([makeTask({ id: "t1", title: "old" })], "e-5");
  owner.reread("e-9");
  await expect.poll(() => replica.complete).toBe(false);
  const relabels = [{ from: "A", to: "B", tasks: ["t1"], count: 1 }];
  receive("sync.project-changed", { seq: 10, relabels }, "e-10");
  change(makeTask({ id: "t1", title: "changed", version: 2 }), 11);
  owner.reread("e-11"); // as yet another tab is opened
  receive("hello", {}, "e-11");
  answer();
  await expect.poll(() => replica.complete).toBe(true);
  expect(title()).toBe("changed");
  expect(live.position).toBe("e-11");
});

test("a reset ends what a tab loads by itself", async () => {
  const answer = serveLater(makeTask({ id: "t1", title: "page" }));
  const other = await openTab([makeTask({ id: "t1", title: "old" })], "e-5");
  owner.reread("e-9");
  await expect.poll(() => replica.complete).toBe(false);
  receive("sync.reset", {}, "e-2000");
  await other.replace([makeTask({ id: "t1", title: "reset", version: 3 })], "e-2000");
  owner.reread("e-2000");
  answer();
  await expect.poll(title).toBe("reset");
  expect(live.position).toBe("e-2000");
});

test("a new tab reads all that the other one knows, also after a failed write", async () => {
  const [first, second] = [makeTask({ id: "t1" }), makeTask({ id: "t2" })];
  const other = await openTab([first], "e-5");
  live.leading = true;
  owner.lead();
  receive("sync.comment-changed", {}, "e-6");
  expect(await owner.keep()).toBe("e-6");
  expect(await other.read()).toEqual({ tasks: [first], position: "e-6" });
  change(second, 7);
  failNextWrite();
  window.dispatchEvent(new Event("pagehide"));
  await expect.poll(() => other.read()).toEqual({ tasks: [first], position: "e-6" });
  expect(await owner.keep()).toBe("e-7");
  expect(await other.read()).toEqual({ tasks: [first, second], position: "e-7" });
});

test("a tab that no one has answered asks again when another one has the stream", async () => {
  const other = await openTab([makeTask({ id: "t1" })], "e-5");
  const join = vi.spyOn(live, "join");
  receive("hello", {}, "e-5");
  expect(join).toHaveBeenCalledTimes(1);
  await other.replace([makeTask({ id: "t1", title: "stored" })], "e-6");
  owner.reread("e-6");
  await expect.poll(title).toBe("stored");
  receive("hello", {}, "e-6");
  expect(join).toHaveBeenCalledTimes(1);
});
