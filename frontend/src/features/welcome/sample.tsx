"use client";

import { useState } from "react";
import { Check, type SampleTask } from "@/features/tasks";
import { cn } from "@/lib/cn";
import { lazyPart } from "@/lib/lazy-part";
import { useSession } from "@/lib/session/use-session";
import * as examples from "@/messages/examples";
import * as words from "@/messages/firstPage";

const SampleInput = lazyPart(() => import("@/features/tasks").then((m) => m.SampleInput));

const first = (): SampleTask[] => [
  { id: "1", title: examples.plants(), note: examples.plantsWhen(), priority: "none", done: true },
  { id: "2", title: examples.rent(), note: examples.rentWhen(), priority: "high", done: false },
  { id: "3", title: examples.call(), note: examples.callWhen(), priority: "none", done: false },
];

/** A list to try. The input comes once the page is shown, and only for visitors. */
export function Sample() {
  const [tasks, setTasks] = useState(first);
  const { status } = useSession();
  return (
    <section
      aria-labelledby="sample"
      className="rounded-2xl border border-line bg-surface p-4 shadow-2 sm:p-5"
    >
      <h2 id="sample" className="text-sm font-medium text-ink-2">
        {words.tryIt()}
      </h2>
      <div className="mt-3 min-h-[5.75rem]">
        {status === "out" ? (
          <SampleInput onAdd={(task) => setTasks((now) => [task, ...now].slice(0, 4))} />
        ) : (
          <div className="h-12 rounded-xl border border-line-2" />
        )}
      </div>
      <ul className="mt-2">
        {tasks.map((task) => (
          <li key={task.id} className="flex h-11 animate-rise items-center gap-3 px-1.5">
            <Check
              title={task.title}
              completed={task.done}
              priority={task.priority}
              onChange={(done) =>
                setTasks((now) => now.map((one) => (one.id === task.id ? { ...one, done } : one)))
              }
            />
            <span
              dir="auto"
              className={cn("min-w-0 flex-1 truncate", task.done && "text-ink-3 line-through")}
            >
              {task.title}
            </span>
            <span className="max-w-[50%] truncate text-sm text-ink-3">{task.note}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
