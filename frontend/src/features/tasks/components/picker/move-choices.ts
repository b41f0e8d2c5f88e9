"use client";

import { ArrowDownToLine, ArrowUpToLine, CornerDownRight, IndentDecrease } from "lucide-react";
import { useMemo } from "react";
import type { Choice } from "@/components/ui/command-dialog";
import { keymap } from "@/lib/keys/keymap";
import { useTasks } from "../../hooks/use-tasks";
import { moveBelow, moveToEnd, outdent } from "../../more-actions";
import { subtrees } from "../../outbox/effects";
import type { Task } from "../../task";
import { matcher } from "../../view/search";
import { all, matching } from "./choices";
import type { Choices } from "./task-picker";
import * as words from "@/messages/picker";

const most = 8;

/** The ends of the list, and the tasks that can be the parent. */
export function useMoveChoices(moved: Task[], search: string): Choices {
  const { tasks } = useTasks();
  const ids = useMemo(() => moved.map(({ id }) => id), [moved]);
  const parents = useMemo(() => {
    if (search.length < 2) return [];
    // No task can be below itself.
    const own = new Set(subtrees(tasks, ids));
    const matches = matcher(search);
    const found: Task[] = [];
    for (const task of tasks.values()) {
      if (task.completed || own.has(task) || !matches(task)) continue;
      found.push(task);
      if (found.length === most) break;
    }
    return found;
  }, [tasks, ids, search]);
  const places: Choice[] = [
    { key: "top", label: words.toTop(), icon: ArrowUpToLine, run: () => moveToEnd(ids, "top") },
    { key: "bottom", label: words.toBottom(), icon: ArrowDownToLine, run: () => moveToEnd(ids, "bottom") },
  ];
  if (moved.some((task) => task.parent_id !== null)) {
    places.push({
      ...{ key: "out", label: words.outOfParent(), icon: IndentDecrease, keys: keymap.of("outdent")[0] },
      run: () => outdent(ids),
    });
  }
  return {
    groups: [
      ["", matching(places, search)],
      [
        words.makeSubtaskOf(),
        parents.map((parent) => ({
          ...{ key: parent.id, label: parent.title, icon: CornerDownRight },
          checked: all(moved, (task) => task.parent_id === parent.id),
          run: () => moveBelow(ids, parent),
        })),
      ],
    ],
  };
}
