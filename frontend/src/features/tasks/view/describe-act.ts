import * as words from "@/messages/undo";
import { theField } from "@/messages/fields";
import { formatList } from "@/lib/words/per-locale";
import type { Change, TaskChange } from "../outbox/op";
import { taskStore } from "../store";
import type { Act } from "../undo-stack";
import { fieldNames } from "./describe-event";

/** What the user did, in words that follow "Undone:": “completed “Buy milk””, “deleted 3 tasks”. */
export function describeAct(act: Act): string {
  if (act.what) return act.what;
  const all = act.changes.flatMap((change): Exclude<Change, { kind: "batch" }>[] =>
    change.kind === "batch" ? change.changes : [change],
  );
  const [first] = all;
  if (!first) return "";
  const ids = new Set(all.map(({ id }) => id));
  const title = ids.size === 1 ? titleOf(first.id, act) : "";
  // Without a title it is “a task”.
  const tasks = { count: ids.size === 1 && !title ? 0 : ids.size, title };
  if (first.kind === "comment") {
    if (!first.before) return words.commentAdded(tasks);
    return first.after ? words.commentEdited(tasks) : words.commentDeleted(tasks);
  }
  if (first.kind !== "patch") return sentences[kindOf(first)](tasks);
  const fields = [...new Set(all.flatMap((change) => (change.kind === "patch" ? fieldsOf(change) : [])))];
  if (fields.length === 1 && fields[0] === "position") return words.moved(tasks);
  return words.changed({ fields: formatList(fields.map((field) => theField({ field }))), ...tasks });
}

const sentences = {
  create: words.added,
  complete: words.completed,
  reopen: words.reopened,
  delete: words.deleted,
  skip: words.skipped,
  restore: words.restored,
  undo: words.changeUndone,
};

const kindOf = (change: Exclude<Change, { kind: "batch" | "patch" | "comment" }>) =>
  change.kind === "complete" && !change.completed ? "reopen" : change.kind;

/** The fields of a patch, each as the messages name it. */
const fieldsOf = ({ patch }: Extract<TaskChange, { kind: "patch" }>) => {
  const names = Object.keys(patch).filter((field) => field !== "timezone");
  return [...new Set(names.flatMap((field) => fieldNames[field]?.key ?? []))];
};

function titleOf(id: string, { steps }: Act): string {
  const effects = steps.flatMap((step) => step.effects).filter((effect) => effect.id === id);
  const known = [taskStore.get(id), ...effects.flatMap(({ before, after }) => [before, after])];
  return known.find((task) => task?.title)?.title ?? "";
}
