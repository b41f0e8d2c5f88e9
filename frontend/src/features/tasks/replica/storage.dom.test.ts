import { expect, test } from "vitest";
import { openDatabase } from "@/lib/store/database";
import { failNextWrite } from "@/testing/full-disk";
import { makeTask } from "@/testing/tasks";
import { ReplicaStorage } from "./storage";

test("more tasks than are read in one go come back whole", async () => {
  const storage = new ReplicaStorage(await openDatabase("many"));
  const tasks = Array.from({ length: 1201 }, (_, i) => makeTask({ id: `t${String(i).padStart(5, "0")}` }));
  await storage.replace(tasks, "e-7");
  expect(await storage.read()).toEqual({ tasks, position: "e-7" });
  for (const task of tasks.slice(0, 700)) storage.note(task.id, null, "e-8");
  await storage.flush();
  expect(await storage.read()).toEqual({ tasks: tasks.slice(700), position: "e-8" });
  await storage.replace([], "e-9");
  expect(await storage.read()).toEqual({ tasks: [], position: "e-9" });
});

test("what was never whole is not read", async () => {
  const storage = new ReplicaStorage(await openDatabase("never"));
  expect(await storage.read()).toBeNull();
});

const [old, changed, other] = [1, 2, 3].map((version) => makeTask({ id: `t${version}`, version }));

test.each<[string, (storage: ReplicaStorage) => Promise<void>]>([
  ["a change", (storage) => (storage.note("t2", changed!, "e-2"), storage.flush())],
  ["everything", (storage) => storage.replace([changed!], "e-2")],
])("after a failed write of %s, a later one does not claim to be complete", async (what, write) => {
  const storage = new ReplicaStorage(await openDatabase(`full-${what}`));
  await storage.replace([old!], "e-1");
  failNextWrite();
  await write(storage);
  storage.note("t3", other!, "e-3");
  await storage.flush();
  expect(await storage.read()).toEqual({ tasks: [old], position: "e-1" });
  await storage.replace([changed!], "e-3");
  storage.note("t3", other!, "e-4");
  await storage.flush();
  expect(await storage.read()).toEqual({ tasks: [changed, other], position: "e-4" });
});
