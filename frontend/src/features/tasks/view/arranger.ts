import type { QueryClient } from "@tanstack/react-query";
import { loadWeekStart, weekStart } from "@/features/settings";
import type { Task } from "../task";
import { arrange, type Arranged } from "./arrange";
import type { TaskQuery } from "./query";
import type { Sections } from "./section-rows";

export type Arrange = (
  tasks: ReadonlyMap<string, Task>,
  query: TaskQuery,
  now: number,
  sections?: Sections,
) => Arranged;

/** Passes on what arranges lists by the user's week, and again once that is known; offline it may never be. */
export function arrangeByWeek(client: QueryClient, pass: (arrange: Arrange) => void): void {
  const current = (): Arrange => {
    const first = (weekStart(client) + 1) % 7;
    return (tasks, query, now, sections) => arrange(tasks, query, { now, weekStart: first }, sections);
  };
  pass(current());
  void loadWeekStart(client).then(() => pass(current()));
}
