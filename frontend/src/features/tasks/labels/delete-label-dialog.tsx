"use client";

import { type FormEvent, type ReactNode, useMemo, useState } from "react";
import { useWhileMounted } from "@/lib/use-while-mounted";
import { cancel, toDelete } from "@/messages/common";
import * as words from "@/messages/labels";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogContent } from "@/components/ui/dialog";
import { Select } from "@/components/ui/select";
import { mayHaveOlder } from "../api/get-older-completed";
import { useTasks } from "../hooks/use-tasks";
import { hasName, sameName } from "../view/search";
import type { Task } from "../task";
import { deleteLabel, type Fate, reasonOf } from "./actions";
import type { Label } from "./labels";
import type { AnyLabelKind } from "./relabel";
import { useAllLabels } from "./use-labels";

interface DeleteLabelDialogProps {
  kind: AnyLabelKind;
  label: Label;
  /** Whether the user asked for a merge. */
  merge: boolean;
  onDone: () => void;
}

/** Deletes a project, a section or a tag, or merges it into another one: asks what becomes of its tasks. */
export function DeleteLabelDialog({ kind, label, merge, onDone }: DeleteLabelDialogProps) {
  const labels = useAllLabels();
  const project = labels.project.find(({ id }) => id === label.project_id)?.name ?? null;
  const carriers = useCarriers(kind, label.name, project);
  const count = carriers ?? 2; // any plural
  const others = labels[kind].filter(
    ({ id, project_id }) => id !== label.id && project_id === label.project_id,
  );
  const [fate, setFate] = useState<Fate["tasks"]>(merge ? "move" : "keep");
  const [to, setTo] = useState(others[0]?.id ?? "");
  const [refused, setRefused] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const done = useWhileMounted(onDone);
  const target = others.find(({ id }) => id === to);
  const { name } = label;
  const asks = merge || count > 0;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (sending || (fate === "move" && !target)) return;
    setSending(true);
    try {
      await deleteLabel(
        kind,
        label,
        fate === "move" && target
          ? { tasks: "move", to: target }
          : { tasks: fate === "trash" ? "trash" : "keep" },
      );
      done();
    } catch (error) {
      setRefused(reasonOf(error));
      setSending(false);
    }
  }

  const choose = (value: Fate["tasks"], text: ReactNode) => (
    <label className="flex cursor-pointer items-center gap-2.5 rounded-lg px-2 py-1.5 hover:bg-hover pointer-coarse:min-h-11">
      <input
        type="radio"
        name="fate"
        className="size-4 shrink-0 accent-accent"
        checked={fate === value}
        onChange={() => setFate(value)}
      />
      {text}
    </label>
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onDone()}>
      <DialogContent
        title={merge ? words.mergeName({ name }) : words.deleteName({ name })}
        description={
          merge
            ? words.mergeHint({ kind, name })
            : carriers === null
              ? words.whatOfAll()
              : count > 0
                ? words.whatOfTasks({ count })
                : words.noTasks({ kind })
        }
      >
        <form onSubmit={(event) => void submit(event)} className="space-y-4">
          {asks && !merge ? (
            <fieldset className="-mx-2">
              <legend className="sr-only">{words.tasksLegend()}</legend>
              {choose("keep", words.keep({ count, kind }))}
              {others.length > 0 ? choose("move", words.moveToOther({ count, kind })) : null}
              {choose("trash", words.moveToTrash({ count }))}
            </fieldset>
          ) : null}
          {fate === "move" && others.length > 0 ? (
            <label className="block">
              <span className="mb-1.5 block text-sm font-medium">{words.target({ kind })}</span>
              <Select value={to} onChange={(event) => setTo(event.target.value)}>
                {others.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Select>
            </label>
          ) : null}
          {merge && others.length === 0 ? (
            <p className="text-sm text-ink-2">{words.noOther({ kind })}</p>
          ) : null}
          {refused ? (
            <p role="alert" className="text-sm text-danger">
              {refused}
            </p>
          ) : null}
          <DialogActions>
            <Button onClick={onDone}>{cancel()}</Button>
            <Button
              type="submit"
              look={merge ? "primary" : "danger"}
              disabled={sending || (fate === "move" && !target)}
            >
              {merge ? words.merge() : toDelete()}
            </Button>
          </DialogActions>
        </form>
      </DialogContent>
    </Dialog>
  );
}

/**
 * The number of tasks that have a name, completed ones too; those of a section are in its project. Null if the browser may not have
 * all of them.
 */
function useCarriers(kind: AnyLabelKind, name: string, project: string | null): number | null {
  const { tasks } = useTasks();
  return useMemo(() => {
    const carries: Record<AnyLabelKind, (task: Task) => boolean> = {
      project: (task) => sameName(task.project, name),
      section: (task) => sameName(task.section, name) && sameName(task.project, project ?? ""),
      tag: (task) => hasName(task.tags, name),
    };
    return mayHaveOlder(tasks) ? null : [...tasks.values()].filter(carries[kind]).length;
  }, [tasks, kind, name, project]);
}
