"use client";

import type { CommandId } from "@/lib/keys/commands";
import type { KeyBinding } from "@/lib/keys/registry";
import { useKeys } from "@/lib/keys/use-keys";
import { taskBindings } from "../task-bindings";
import type { Selection } from "./use-selection";

interface Options {
  ids: readonly string[];
  selection: Selection;
  sortable: boolean;
  focusRow: (id: string) => void;
  open: (id: string | null) => void;
  edit: (id: string) => void;
  /** Moves a task up or down by one. */
  move: (id: string, by: 1 | -1) => void;
  isOpen: boolean;
}

/** The keyboard shortcuts of the list. */
export function useListKeys({
  ids,
  selection,
  sortable,
  focusRow,
  open,
  edit,
  move: moveBy,
  isOpen,
}: Options) {
  const { active, selected } = selection;
  const at = active === null ? -1 : ids.indexOf(active);
  const subject = selected.size > 0 ? [...selected] : at >= 0 && active ? [active] : [];
  const isSubject = (id: string) => (selected.size > 0 ? selected.has(id) : id === active);

  const last = ids.length - 1;
  const goTo = (index: number) => {
    const id = ids[Math.max(0, Math.min(last, index))];
    if (id) focusRow(id);
    return id;
  };
  const step = (by: number) => goTo(at < 0 ? (by > 0 ? 0 : last) : at + by);
  const extend = (by: number) => {
    const id = step(by);
    if (id) selection.extendTo(id, at >= 0 && active ? active : id);
  };
  const move = (by: 1 | -1) => {
    if (sortable && at >= 0 && active) moveBy(active, by);
  };
  const withActive = (run: (id: string) => void) => () => {
    if (at >= 0 && active) run(active);
  };
  /** The task leaves the list; the next one gets the focus. */
  const keepPlace = () => {
    const next =
      ids.slice(at + 1).find((id) => !isSubject(id)) ??
      ids.slice(0, Math.max(at, 0)).findLast((id) => !isSubject(id));
    if (next && at >= 0) focusRow(next);
  };
  const leaves = () => {
    keepPlace();
    selection.clear();
  };

  const bind = (command: CommandId, run: () => void, more?: Partial<KeyBinding>): KeyBinding => ({
    ...{ command, run, when: inList },
    ...more,
  });
  const often = { repeats: true };
  const first = ids.findIndex(isSubject);
  useKeys([
    bind("next", () => step(1), often),
    bind("previous", () => step(-1), often),
    bind("first", () => goTo(0)),
    bind("last", () => goTo(last)),
    bind(
      "open",
      withActive((id) => open(id)),
      { when: onRow },
    ),
    bind("rename", withActive(edit)),
    bind("select", withActive(selection.toggle)),
    bind("selectDown", () => extend(1), often),
    bind("selectUp", () => extend(-1), often),
    bind("selectAll", selection.selectAll),
    bind("moveDown", () => move(1), often),
    bind("moveUp", () => move(-1), often),
    {
      command: "close",
      run: () => {
        if (selected.size > 0) selection.clear();
        else if (isOpen) open(null);
      },
    },
    ...taskBindings(subject, { when: inList, leaves, above: first > 0 ? ids[first - 1] : undefined }),
  ]);
}

/** Whether a key is meant for the list: it has the focus, or nothing has. */
function inList(target: EventTarget | null): boolean {
  return (
    target === document.body ||
    (target instanceof Element &&
      target.closest("[role=grid], #main") !== null &&
      !target.closest("[data-panel]"))
  );
}

/** Enter on a button belongs to the button. */
function onRow(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.getAttribute("role") === "row");
}
