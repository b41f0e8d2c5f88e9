"use client";

import { type ReactNode, useEffect, useReducer, useRef } from "react";
import { Button } from "@/components/ui/button";
import { more } from "@/messages/board";
import type { Task } from "../task";

interface FirstTasksProps {
  tasks: readonly Task[];
  className?: string;
  children: (task: Task) => ReactNode;
}

/** About as many as a column shows. */
const seenFirst = 8;
/** How many more come at a time. */
const some = 24;
/** How far below what is shown the next ones are drawn, in pixels. */
const ahead = 400;

/** The first tasks of a column, and more as they come into view: drawing thousands at once would take seconds. */
export function FirstTasks({ tasks, className, children }: FirstTasksProps) {
  const [shown, showMore] = useReducer((count: number) => count + some, seenFirst);
  const rest = useRef<HTMLButtonElement>(null);
  const areMore = tasks.length > shown;
  useEffect(() => {
    if (!areMore || !rest.current || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) showMore();
      },
      // A browser that does not know this margin draws them when the button itself is in view.
      { scrollMargin: `${ahead}px 0px` } as IntersectionObserverInit,
    );
    observer.observe(rest.current);
    return () => observer.disconnect();
  }, [shown, areMore]);
  return (
    <>
      <ul className={className}>{tasks.slice(0, shown).map(children)}</ul>
      {areMore ? (
        <Button ref={rest} data-more="" look="ghost" size="sm" className="mt-2 w-full" onClick={showMore}>
          {more({ count: tasks.length - shown })}
        </Button>
      ) : null}
    </>
  );
}
