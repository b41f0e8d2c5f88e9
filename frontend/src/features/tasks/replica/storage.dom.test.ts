import { expect, test } from "vitest";
import { openDatabase } from "@/lib/store/database";
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
