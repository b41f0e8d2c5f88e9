"use client";

import { Ellipsis, Plus } from "lucide-react";
import { useId, useMemo } from "react";
import { Button } from "@/components/ui/button";
import { LazyMenu } from "@/components/ui/lazy-menu";
import { MenuContent } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import type { CommandId } from "@/lib/keys/commands";
import { useSession } from "@/lib/session/use-session";
import { useWhole } from "@/lib/use-whole";
import { complete } from "../../actions";
import { createTask } from "../../changes";
import { useKeptDraft } from "../../hooks/use-kept-draft";
import { useTasks } from "../../hooks/use-tasks";
import { overLimit } from "../../limits";
import { problemProps } from "../../problem-props";
import type { Task } from "../../task";
import { taskBindings } from "../../task-bindings";
import { comparator } from "../../view/order";
import { between } from "../../changes";
import { Check } from "../check";
import { FieldProblem } from "../field-problem";
import { TaskMenuItems } from "../task-menu-items";
import * as words from "@/messages/panel";

/** As many as can be seen without scrolling. */
const seenFirst = 12;

/** The subtasks of a task with theirs, in manual order. */
export function Subtasks({ task, onOpen }: { task: Task; onOpen: (id: string) => void }) {
  const { tasks } = useTasks();
  const subtasks = useMemo(() => treeBelow(tasks, task.id), [tasks, task.id]);
  const last = subtasks.findLast(({ level }) => level === 0)?.task;
  const done = subtasks.filter((subtask) => subtask.task.completed).length;
  const shown = useWhole() ? subtasks : subtasks.slice(0, seenFirst);
  const { account } = useSession();
  const [draft, setDraft] = useKeptDraft("subtask", task.id, account?.id);
  const problemId = useId();
  const problem = overLimit({ title: draft.trim() });
  return (
    <section className="mt-6" aria-labelledby="subtasks-title">
      <div className="flex items-center gap-3">
        <h3 id="subtasks-title" className="text-sm font-semibold">
          {words.subtasks()}
        </h3>
        {subtasks.length > 0 ? (
          <>
            <span className="tabular text-sm text-ink-3">
              {words.subtasksDone({ done, count: subtasks.length })}
            </span>
            <progress
              aria-label={words.completedSubtasks()}
              value={done}
              max={subtasks.length}
              className="h-1.5 min-w-0 flex-1 overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
            />
          </>
        ) : null}
      </div>
      <ul className="mt-1">
        {shown.map(({ task: subtask, level }) => (
          <Subtask key={subtask.id} task={subtask} level={level} onOpen={onOpen} />
        ))}
      </ul>
      <form
        className="flex items-center gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const title = draft.trim();
          if (!title || problem) return;
          createTask({
            title,
            parent_id: task.id,
            project: task.project,
            section: task.section,
            position: between(last?.position ?? task.position, null),
          });
          setDraft("");
        }}
      >
        <Plus className="size-4.5 text-ink-3" aria-hidden />
        <input
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          aria-label={words.newSubtask()}
          placeholder={words.addSubtask()}
          {...problemProps(problemId, problem)}
          autoComplete="off"
          dir="auto"
          className="h-10 min-w-0 flex-1 rounded-md bg-transparent text-start outline-none placeholder:text-ink-3 pointer-coarse:h-11"
        />
      </form>
      <FieldProblem id={problemId}>{problem}</FieldProblem>
    </section>
  );
}

interface SubtaskProps {
  task: Task;
  /** How far below the subtasks of the first level. */
  level: number;
  onOpen: (id: string) => void;
}

function Subtask({ task, level, onOpen }: SubtaskProps) {
  return (
    <li
      className="group/subtask flex min-h-10 items-center gap-3"
      style={{ paddingInlineStart: `${Math.min(level, deepest) * 1.5}rem` }}
    >
      <Check
        title={task.title}
        completed={task.completed}
        priority={task.priority}
        onChange={(completed) => complete([task.id], completed)}
      />
      <button
        type="button"
        onClick={() => onOpen(task.id)}
        dir="auto"
        className={cn(
          "min-w-0 flex-1 truncate rounded-md py-1.5 hover:text-accent pointer-coarse:min-h-11",
          task.completed && "text-ink-3 line-through",
        )}
      >
        {task.title}
      </button>
      <LazyMenu
        trigger={(props) => (
          <Button
            look="ghost"
            size="icon-sm"
            aria-label={words.moreFor({ title: task.title })}
            className="text-ink-3 sm:opacity-0 sm:group-hover/subtask:opacity-100 sm:focus-visible:opacity-100 sm:data-[state=open]:opacity-100"
            {...props}
          >
            <Ellipsis />
          </Button>
        )}
      >
        <MenuContent align="end">
          <TaskMenuItems bindings={taskBindings([task.id], {})} commands={inMenu} />
        </MenuContent>
      </LazyMenu>
    </li>
  );
}

const inMenu: CommandId[] = ["due", "priority", "move", "outdent", "duplicate", "copyLink", "delete"];

/** Deeper levels are not indented further: a title needs room. */
const deepest = 5;

/** The subtasks below a task with their levels, each before its own. */
function treeBelow(tasks: ReadonlyMap<string, Task>, root: string): { task: Task; level: number }[] {
  const below = Map.groupBy(tasks.values(), ({ parent_id }) => parent_id);
  const walk = (id: string, level: number): { task: Task; level: number }[] =>
    (below.get(id) ?? [])
      .sort(comparator("position"))
      .flatMap((task) => [{ task, level }, ...walk(task.id, level + 1)]);
  return walk(root, 0);
}
