import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Live, live } from "@/lib/live/live";
import { session } from "@/lib/session/session";
import { openDatabase } from "@/lib/store/database";
import { problem, server, sessionAnswer } from "@/testing/server";
import { makeTask } from "@/testing/tasks";
import type { Task } from "../task";
import { Replica } from "./replica";
import { ReplicaStorage } from "./storage";

let users = 0;
let replica: Replica;
const otherTab = new Live();

/** A tab of a user without tasks in the browser. */
async function openTab(keepInOtherTab?: (storage: ReplicaStorage, position: string) => Promise<void>) {
  const userId = `refused-${++users}`;
  const storage = new ReplicaStorage((await openDatabase(userId))!);
  if (keepInOtherTab) {
    const keep = async () => {
      if (otherTab.position) await keepInOtherTab(storage, otherTab.position);
      return otherTab.position;
    };
    otherTab.start(userId, null, { keep, reread: () => {}, lead: () => {} });
    await expect.poll(() => otherTab.leading).toBe(true);
  }
  replica = new Replica(userId, storage, () => {});
  await replica.start();
  return storage;
}

/** The server has one task, and refuses the stream until the returned function is called: then the task is another. */
function serve(task: Task) {
  let free = false;
  server.use(
    http.get("*/api/stream/tasks", () =>
      free
        ? new HttpResponse(`event: hello\nid: e-2\ndata: {"seq":2}\n\n`, {
            headers: { "Content-Type": "text/event-stream" },
          })
        : problem(503),
    ),
    http.get("*/api/todos", ({ request }) => {
      const open = new URL(request.url).searchParams.get("status") === "open";
      return HttpResponse.json({ items: open ? [task] : [], next_cursor: null });
    }),
  );
  return (then: Task) => {
    [task, free] = [then, true];
    window.dispatchEvent(new Event("online")); // try now
  };
}

beforeEach(() => session.enter(sessionAnswer()));
afterEach(() => {
  replica.stop();
  otherTab.stop();
});

test("while the stream is refused, the tasks are shown, and loaded again once there is one", async () => {
  const allow = serve(makeTask({ id: "t1", title: "at first" }));
  const storage = await openTab();
  await expect.poll(() => replica.reloads).toBe(1);
  expect(replica.loaded).toBe(true);
  expect(replica.tasks.get("t1")?.title).toBe("at first");
  expect(await storage.read()).toBeNull(); // without a position nothing can resume from it
  const changed = makeTask({ id: "t1", title: "changed without a stream", version: 2 });
  allow(changed);
  await expect.poll(() => storage.read()).toEqual({ tasks: [changed], position: "e-2" });
  expect(replica.complete).toBe(true);
});

test("a tab beside the one with the stream shows them too, and reads what that one has stored then", async () => {
  const allow = serve(makeTask({ id: "t1", title: "at first" }));
  const changed = makeTask({ id: "t1", title: "changed without a stream", version: 2 });
  await openTab((storage, position) => storage.replace([changed], position));
  await expect.poll(() => replica.reloads).toBe(1);
  expect(live.leading).toBe(false);
  expect(replica.tasks.get("t1")?.title).toBe("at first");
  allow(changed);
  await expect.poll(() => replica.tasks.get("t1")?.title).toBe("changed without a stream");
  expect(replica.complete).toBe(true);
  expect(live.position).toBe("e-2");
});
