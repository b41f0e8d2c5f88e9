import * as words from "@/messages/labelActs";
import { failed } from "@/messages/labels";
import { sentence } from "@/lib/sentence";
import { api } from "@/lib/api/client";
import { briefly, Problem } from "@/lib/api/problem";
import { newTraceparent } from "@/lib/api/trace";
import { notify } from "@/lib/notify";
import { announce } from "../actions";
import { between } from "../changes";
import { undoStack } from "../undo-stack";
import { type Label, labelStore } from "./labels";
import type { AnyLabelKind } from "./relabel";

export type LabelPatch = Partial<Pick<Label, "name" | "color" | "position" | "archived">>;

/** What becomes of the tasks of a deleted label; moving them merges two. */
export type Fate = { tasks: "keep" | "trash" } | { tasks: "move"; to: Label };

const pathOf = (kind: AnyLabelKind, label?: Label) =>
  `/api/${kind}s${label ? `/${encodeURIComponent(label.id)}` : ""}`;

/** Makes a change that can be undone, and says so. Throws Problem or Unreachable. */
async function change<T>(what: string, said: string, run: (traceparent: string) => Promise<T>): Promise<T> {
  const trace = newTraceparent();
  const request = run(trace);
  const act = undoStack.recordLabel(what, trace, request);
  const response = await request;
  // If it was undone before the response came, undo has its own message.
  if (undoStack.canUndo(act)) announce(said, undefined, act);
  return response;
}

/** A section is made in a project. */
export async function createLabel(
  kind: AnyLabelKind,
  patch: LabelPatch & { name: string; project_id?: string },
): Promise<Label> {
  const it = { kind, name: patch.name };
  const made = await change(words.undoAdded(it), words.added(it), (traceparent) =>
    api.post<Label>(pathOf(kind), patch, { traceparent }),
  );
  labelStore.put(kind, made);
  return made;
}

/** What a change is about was changed elsewhere since the user saw it. */
export class ChangedElsewhere extends Error {
  constructor(readonly now: Label) {
    super("changed elsewhere");
  }
}

/** Changes a label as the user saw it. Throws ChangedElsewhere, Problem or Unreachable. */
export async function updateLabel(kind: AnyLabelKind, seen: Label, patch: LabelPatch): Promise<void> {
  const [what, said] = describe(kind, seen, patch);
  const changed = await change(what, said, (traceparent) => sendIfAsSeen(kind, seen, patch, traceparent));
  labelStore.put(kind, changed);
}

async function sendIfAsSeen(kind: AnyLabelKind, seen: Label, patch: LabelPatch, traceparent: string) {
  const fields = Object.keys(patch) as (keyof LabelPatch)[];
  for (let { version } = seen; ;) {
    try {
      return await api.patch<Label>(pathOf(kind, seen), patch, { traceparent, ifMatch: version });
    } catch (error) {
      if (!(error instanceof Problem && error.status === 412)) throw error;
      const now = await api.get<Label>(pathOf(kind, seen));
      if (fields.every((field) => now[field] === patch[field])) return now; // it had arrived after all
      if (fields.some((field) => now[field] !== seen[field])) throw new ChangedElsewhere(now);
      version = now.version;
    }
  }
}

/** Moves a label before the one at an index among the others of a list, which shows it at once. */
export async function moveLabel(
  kind: AnyLabelKind,
  label: Label,
  list: readonly Label[],
  to: number,
): Promise<void> {
  const others = list.filter(({ id }) => id !== label.id);
  const position = between(others[to - 1]?.position ?? null, others[to]?.position ?? null);
  labelStore.put(kind, { ...label, position });
  const [what, said] = describe(kind, label, { position });
  const move = change(what, said, (traceparent) =>
    // A later move of the same label must not overtake this one.
    moves.then(() => api.patch<Label>(pathOf(kind, label), { position }, { traceparent })),
  );
  moves = move.then(
    (moved) => labelStore.put(kind, moved),
    () => labelStore.put(kind, label),
  );
  await move;
}

let moves: Promise<unknown> = Promise.resolve();

function describe(kind: AnyLabelKind, { name }: Label, patch: LabelPatch): [what: string, said: string] {
  const it = { kind, name };
  if (patch.archived) return [words.undoArchived(it), words.archived(it)];
  if (patch.archived === false) return [words.undoRestored(it), words.restored(it)];
  if (patch.position !== undefined) return [words.undoMoved(it), words.moved(it)];
  if (patch.name !== undefined && patch.name !== name)
    return [words.undoRenamed(it), words.renamed({ from: name, name: patch.name })];
  return [words.undoRecolored(it), words.recolored({ name })];
}

export async function deleteLabel(kind: AnyLabelKind, label: Label, fate: Fate): Promise<void> {
  const it = { kind, name: label.name };
  const [query, what, said] =
    fate.tasks === "move"
      ? [
          `tasks=move&to=${fate.to.id}`,
          words.undoMerged(it),
          words.merged({ name: label.name, to: fate.to.name }),
        ]
      : [`tasks=${fate.tasks}`, words.undoDeleted(it), words.deleted(it)];
  await change(what, said, (traceparent) => api.delete(`${pathOf(kind, label)}?${query}`, { traceparent }));
  labelStore.drop(kind, label.id);
}

/** Says why a change was not made. */
export function orSayWhy(change: Promise<void>): void {
  change.catch((error: unknown) =>
    notify((toast) => toast.error(failed(), { description: reasonOf(error) })),
  );
}

/** Why a change was not made, in a sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof ChangedElsewhere) return words.changedElsewhere(error.now);
  if (!(error instanceof Problem)) return words.offline();
  const [invalid] = error.errors;
  if (!invalid) return briefly(error);
  const said = error.of(invalid.field.slice(1));
  if (said && said !== invalid.detail) return said; // in the language of the page
  if (error.status === 409) return `${sentence(error.detail)}.`;
  return words.badName(invalid);
}
