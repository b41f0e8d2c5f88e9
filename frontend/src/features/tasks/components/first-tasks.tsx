"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { more } from "@/messages/board";
import type { Task } from "../task";

interface FirstTasksProps {
  tasks: readonly Task[];
  className?: string;
  children: (task: Task) => ReactNode;
}

/** How many tasks are drawn at first; twice as many come at a time. */
const some = 50;

/** The tasks of a column, and a button for more of them: drawing thousands at once would take seconds. */
export function FirstTasks({ tasks, className, children }: FirstTasksProps) {
  const [shown, setShown] = useState(some);
  return (
    <>
      <ul className={className}>{tasks.slice(0, shown).map(children)}</ul>
      {tasks.length > shown ? (
        <Button look="ghost" size="sm" className="mt-2 w-full" onClick={() => setShown(shown + 2 * some)}>
          {more({ count: tasks.length - shown })}
        </Button>
      ) : null}
    </>
  );
}
