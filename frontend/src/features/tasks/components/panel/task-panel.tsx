"use client";

import { SkipForward, Trash2, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { complete, destroy, skip } from "../../actions";
import { useTask } from "../../hooks/use-tasks";
import { recurs } from "../../series-question";
import type { Task } from "../../task";
import { Check } from "../check";
import { Description } from "./description";
import { History } from "./history";
import { Properties } from "./properties";
import { Subtasks } from "./subtasks";
import { Title } from "./title";

interface TaskPanelProps {
  id: string;
  onClose: () => void;
  onOpen: (id: string) => void;
}

/** The details of a task: beside the list, or over it on a phone. */
export function TaskPanel({ id, onClose, onOpen }: TaskPanelProps) {
  const task = useTask(id);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const element = panel.current;
    if (wantsFocus(before)) element?.focus({ preventScroll: true });
    return () => {
      const within = element?.contains(document.activeElement) || document.activeElement === document.body;
      if (within && before instanceof HTMLElement && before.isConnected)
        before.focus({ preventScroll: true });
    };
  }, [id]);
  return (
    <aside
      ref={panel}
      data-panel
      tabIndex={-1}
      aria-label={task ? `Details of ${task.title}` : "Details"}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
      className="fixed inset-0 z-30 flex animate-slide flex-col border-line bg-surface outline-none sm:left-auto sm:w-[26rem] sm:border-l sm:shadow-2 xl:static xl:z-auto xl:w-[27rem] xl:animate-none xl:shadow-none"
    >
      {task ? (
        <Content key={task.id} task={task} onClose={onClose} onOpen={onOpen} />
      ) : (
        <Gone onClose={onClose} />
      )}
    </aside>
  );
}

/**
 * If the details were opened with a key, or on a phone, they get the focus. With a mouse the list keeps it: the row may
 * be about to be edited.
 */
function wantsFocus(before: Element | null): boolean {
  if (matchMedia("(max-width: 639px)").matches) return true;
  return before?.matches(":focus-visible:not(input, textarea)") ?? true;
}

function Content({
  task,
  onClose,
  onOpen,
}: {
  task: Task;
  onClose: () => void;
  onOpen: (id: string) => void;
}) {
  return (
    <>
      <div className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-4">
        <Check
          title={task.title}
          completed={task.completed}
          priority={task.priority}
          onChange={(completed) => complete([task.id], completed)}
        />
        <span className="ml-3 flex-1 text-sm text-ink-2">{task.completed ? "Completed" : "Open"}</span>
        {recurs(task) ? (
          <Button
            look="ghost"
            size="icon-sm"
            aria-label="Skip this occurrence"
            title="Skip this occurrence"
            onClick={() => {
              skip([task.id]);
              onClose();
            }}
          >
            <SkipForward />
          </Button>
        ) : null}
        <Button
          look="ghost"
          size="icon-sm"
          aria-label="Delete the task"
          onClick={() => destroy([task.id], onClose)}
        >
          <Trash2 />
        </Button>
        <Button look="ghost" size="icon-sm" aria-label="Close the details" onClick={onClose}>
          <X />
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 pt-3 pb-[calc(2rem+env(safe-area-inset-bottom))]">
        <Title task={task} />
        <Description task={task} />
        <Properties task={task} />
        <Subtasks task={task} onOpen={onOpen} />
        <History task={task} />
      </div>
    </>
  );
}

function Gone({ onClose }: { onClose: () => void }) {
  return (
    <div className="grid flex-1 place-items-center p-6 text-center">
      <div>
        <p className="font-medium">Task not found</p>
        <p className="mt-1 text-sm text-ink-2">It was deleted, or completed a long time ago.</p>
        <Button className="mt-4" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  );
}
