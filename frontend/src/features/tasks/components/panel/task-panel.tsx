"use client";

import { Ellipsis, SkipForward, Trash2, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuTrigger } from "@/components/ui/menu";
import { focusIfFree } from "@/lib/focus-if-free";
import type { CommandId } from "@/lib/keys/commands";
import type { KeyBinding } from "@/lib/keys/registry";
import { useKeys } from "@/lib/keys/use-keys";
import { useShortcut } from "@/lib/keys/use-shortcut";
import { lazyPart } from "@/lib/lazy-part";
import { useWhole } from "@/lib/use-whole";
import { complete } from "../../actions";
import { useTask } from "../../hooks/use-tasks";
import { recurs } from "../../series-question";
import type { Task } from "../../task";
import { taskBindings } from "../../task-bindings";
import { Check } from "../check";
import { Parent } from "./parent";
import { TaskMenuItems } from "../task-menu-items";
import { Description } from "./description";
import { History } from "./history";
import { Properties } from "./properties";
import { Subtasks } from "./subtasks";
import { Title } from "./title";
import * as words from "@/messages/panel";
import * as common from "@/messages/common";

const Comments = lazyPart(() => import("../../comments/comments").then((m) => m.Comments));

interface TaskPanelProps {
  id: string;
  /** What had the focus when it was asked for. */
  askedFrom: Element | null;
  onClose: () => void;
  onOpen: (id: string) => void;
}

/** The details of a task: beside the list, or over it on a phone. */
export function TaskPanel({ id, askedFrom, onClose, onOpen }: TaskPanelProps) {
  const task = useTask(id);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const element = panel.current;
    if (wantsFocus(before)) focusIfFree(element, askedFrom, { preventScroll: true });
    return () => {
      const within = element?.contains(document.activeElement) || document.activeElement === document.body;
      if (within && before instanceof HTMLElement && before.isConnected)
        before.focus({ preventScroll: true });
    };
  }, [id, askedFrom]);
  return (
    <aside
      ref={panel}
      data-panel
      tabIndex={-1}
      aria-label={task ? words.detailsOf({ title: task.title }) : words.details()}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
      className="fixed inset-0 z-30 flex animate-slide flex-col border-line bg-surface outline-none sm:start-auto sm:w-[26rem] sm:border-s sm:shadow-2 xl:static xl:z-auto xl:w-[27rem] xl:animate-none xl:shadow-none print:hidden"
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
  const bindings = taskBindings([task.id], { when: inPanel, gone: onClose });
  useKeys(bindings);
  const whole = useWhole();
  return (
    <>
      <div className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-4">
        <Check
          title={task.title}
          completed={task.completed}
          priority={task.priority}
          onChange={(completed) => complete([task.id], completed)}
        />
        <span className="ms-3 flex-1 text-sm text-ink-2">
          {task.completed ? words.completed() : words.open()}
        </span>
        {recurs(task) ? (
          <PanelButton label={words.skipOccurrence()} command="skip" bindings={bindings}>
            <SkipForward />
          </PanelButton>
        ) : null}
        <PanelButton label={words.deleteTask()} command="delete" bindings={bindings}>
          <Trash2 />
        </PanelButton>
        <Menu>
          <MenuTrigger asChild>
            <Button look="ghost" size="icon-sm" aria-label={words.more()} title={words.more()}>
              <Ellipsis />
            </Button>
          </MenuTrigger>
          <MenuContent align="end">
            <TaskMenuItems bindings={bindings} commands={inMenu} />
          </MenuContent>
        </Menu>
        <Button look="ghost" size="icon-sm" aria-label={words.closeDetails()} onClick={onClose}>
          <X />
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 pt-3 pb-[calc(2rem+env(safe-area-inset-bottom))]">
        <Parent task={task} onOpen={onOpen} />
        <Title task={task} />
        <Description task={task} />
        <Properties task={task} />
        <Subtasks task={task} onOpen={onOpen} />
        {whole ? (
          <>
            <Comments key={task.id} task={task} />
            <History task={task} />
          </>
        ) : null}
      </div>
    </>
  );
}

const inMenu: CommandId[] = ["section", "move", "outdent", "duplicate", "copyLink"];

const inPanel = (target: EventTarget | null) =>
  target instanceof Element && target.closest("[data-panel]") !== null;

interface PanelButtonProps {
  label: string;
  command: CommandId;
  bindings: KeyBinding[];
  children: ReactNode;
}

/** A button that runs a command, with its key in the tooltip. */
function PanelButton({ label, command, bindings, children }: PanelButtonProps) {
  const shortcut = useShortcut(label, command);
  return (
    <Button
      look="ghost"
      size="icon-sm"
      aria-label={label}
      {...shortcut}
      onClick={() => bindings.find((binding) => binding.command === command)?.run()}
    >
      {children}
    </Button>
  );
}

function Gone({ onClose }: { onClose: () => void }) {
  return (
    <div className="grid flex-1 place-items-center p-6 text-center">
      <div>
        <p className="font-medium">{words.notFoundTitle()}</p>
        <p className="mt-1 text-sm text-ink-2">{words.notFoundText()}</p>
        <Button className="mt-4" onClick={onClose}>
          {common.close()}
        </Button>
      </div>
    </div>
  );
}
