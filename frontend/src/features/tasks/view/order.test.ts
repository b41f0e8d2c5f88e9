import fc from "fast-check";
import { expect, test } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import { priorities, type Task } from "../task";
import { comparator, ordered } from "./order";
import { sorts } from "./query";

const fields = fc.record({
  title: fc.constantFrom("apple", "Äpfel", "pear", "Pear", "zebra", ""),
  priority: fc.constantFrom(...priorities),
  position: fc.constantFrom("a0", "a1", "a1V", "b00"),
  due_at: fc.constantFrom(null, "2026-11-24T07:00:00Z", "2026-11-27T09:00:00Z"),
  completed_at: fc.constantFrom(null, "2026-11-23T10:00:00Z"),
});
const change = fc.record({
  at: fc.nat(19),
  fields,
  what: fc.constantFrom("add", "change", "remove", "put back"),
});

test("after each change, tasks are in the order that sorting all of them has", () => {
  fc.assert(
    fc.property(fc.constantFrom(...sorts), fc.array(fields), fc.array(change), (sort, first, changes) => {
      const check = (tasks: ReadonlyMap<string, Task>) => {
        const expected = [...tasks.values()].sort(comparator(sort)).map(({ id }) => id);
        expect(ordered(tasks, sort).map(({ id }) => id)).toEqual(expected);
      };
      let tasks = mapOf(...first.map(makeTask));
      const earlier = [...tasks.values()];
      check(tasks);
      for (const { at, fields, what } of changes) {
        const there = [...tasks.values()][at];
        if (there) earlier.push(there);
        const before = earlier[at];
        tasks = new Map(tasks);
        if (what === "add") {
          const task = makeTask(fields);
          tasks.set(task.id, task);
        } else if (there && what === "change") tasks.set(there.id, { ...there, ...fields });
        else if (there && what === "remove") tasks.delete(there.id);
        else if (before) tasks.set(before.id, before);
        check(tasks);
      }
    }),
  );
});
