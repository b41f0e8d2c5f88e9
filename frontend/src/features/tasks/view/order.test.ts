import fc from "fast-check";
import { expect, test } from "vitest";
import { makeTask } from "@/testing/tasks";
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
const change = fc.record({ at: fc.nat(19), fields, what: fc.constantFrom("add", "change", "remove") });

test("after each change, tasks are in the order that sorting all of them has", () => {
  fc.assert(
    fc.property(fc.constantFrom(...sorts), fc.array(fields), fc.array(change), (sort, first, changes) => {
      let tasks: ReadonlyMap<string, Task> = new Map();
      const check = (next: Map<string, Task>) => {
        tasks = next;
        const expected = [...tasks.values()].sort(comparator(sort)).map(({ id }) => id);
        expect(ordered(tasks, sort).map(({ id }) => id)).toEqual(expected);
      };
      const made = first.map(makeTask);
      check(new Map(made.map((task) => [task.id, task])));
      for (const { at, fields, what } of changes) {
        const next = new Map(tasks);
        const there = [...next.values()][at];
        if (what === "add") {
          const task = makeTask(fields);
          next.set(task.id, task);
        } else if (there && what === "change") next.set(there.id, { ...there, ...fields });
        else if (there) next.delete(there.id);
        check(next);
      }
    }),
  );
});
