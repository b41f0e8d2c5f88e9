"use client";

import type { KeyBinding } from "@/lib/keys/registry";
import { useKeys } from "@/lib/keys/use-keys";
import { complete, destroy, patchMany, skip, undoLast } from "../actions";
import { taskStore } from "../store";
import type { Priority } from "../task";
import type { Selection } from "./use-selection";

interface Options {
  ids: readonly string[];
  selection: Selection;
  sortable: boolean;
  focusRow: (id: string) => void;
  open: (id: string | null) => void;
  edit: (id: string) => void;
  /** Moves a task before the row at an index. */
  moveTo: (id: string, index: number) => void;
  isOpen: boolean;
}

const important: Record<string, Priority> = {
  "1": "urgent",
  "2": "high",
  "3": "medium",
  "4": "low",
  "0": "none",
};

/** The keyboard shortcuts of the list. */
export function useListKeys({ ids, selection, sortable, focusRow, open, edit, moveTo, isOpen }: Options) {
  const { active, selected } = selection;
  const at = active === null ? -1 : ids.indexOf(active);
  const subject = selected.size > 0 ? [...selected] : at >= 0 && active ? [active] : [];

  const step = (by: number) => {
    const id = ids[at < 0 ? (by > 0 ? 0 : ids.length - 1) : Math.max(0, Math.min(ids.length - 1, at + by))];
    if (id) focusRow(id);
    return id;
  };
  const extend = (by: number) => {
    if (active && !selected.has(active)) selection.toggle(active);
    const id = step(by);
    if (id) selection.extendTo(id);
  };
  const move = (by: number) => {
    if (!sortable || at < 0 || !active) return;
    const to = at + by;
    if (to >= 0 && to < ids.length) moveTo(active, by > 0 ? to + 1 : to);
  };
  const withActive = (run: (id: string) => void) => () => {
    if (at >= 0 && active) run(active);
  };
  /** The task leaves the list; the next one gets the focus. */
  const keepPlace = () => {
    const next =
      ids.slice(at + 1).find((id) => !subject.includes(id)) ??
      ids.slice(0, Math.max(at, 0)).findLast((id) => !subject.includes(id));
    if (next && at >= 0) focusRow(next);
  };
  const isDone = () => {
    keepPlace();
    selection.clear();
  };

  const group = "The list";
  const bindings: KeyBinding[] = [
    { keys: "ArrowDown", run: () => step(1) },
    { keys: "ArrowUp", run: () => step(-1) },
    { keys: "j", label: "Next task", group, run: () => step(1) },
    { keys: "k", label: "Task before", group, run: () => step(-1) },
    { keys: "Home", run: () => step(-ids.length) },
    { keys: "End", run: () => step(ids.length) },
    { keys: "Enter", label: "Open the details", group, run: withActive((id) => open(id)), when: onRow },
    { keys: "e", label: "Change the title", group, run: withActive(edit) },
    { keys: "F2", run: withActive(edit) },
    {
      keys: "c",
      label: "Complete, or reopen",
      group,
      run: () => {
        if (subject.length === 0) return;
        completeOrReopen(subject);
        isDone();
      },
    },
    { keys: "x", label: "Select", group, run: withActive(selection.toggle) },
    { keys: "shift+ArrowDown", label: "Select on downwards", group, run: () => extend(1) },
    { keys: "shift+ArrowUp", label: "Select on upwards", group, run: () => extend(-1) },
    { keys: "mod+a", label: "Select all", group, run: selection.selectAll },
    { keys: "alt+ArrowDown", label: "Move down", group, run: () => move(1) },
    { keys: "alt+ArrowUp", label: "Move up", group, run: () => move(-1) },
    ...Object.entries(important).map(([keys, priority]) => ({
      keys,
      ...(keys === "1" ? { label: "Priority: 1 urgent to 4 low, 0 none", group } : {}),
      run: () => patchMany(subject, { priority }, "Priority changed"),
    })),
    {
      keys: "s",
      label: "Skip this occurrence",
      group,
      run: () => {
        skip(subject);
        isDone();
      },
    },
    {
      keys: "Delete",
      label: "Delete",
      group,
      run: () => {
        destroy(subject);
        isDone();
      },
    },
    { keys: "z", label: "Undo", group, run: undoLast },
    { keys: "mod+z", run: undoLast },
    {
      keys: "Escape",
      label: "Close, or select nothing",
      group,
      run: () => {
        if (selected.size > 0) selection.clear();
        else if (isOpen) open(null);
      },
    },
  ];
  useKeys(
    bindings.map((b) => (b.when || b.keys === "Escape" || b.keys.endsWith("z") ? b : { ...b, when: inList })),
  );
}

/** A list has either open or completed tasks. */
function completeOrReopen(ids: readonly string[]) {
  const [first] = ids;
  complete(ids, !(first && taskStore.get(first)?.completed));
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
