import type { Schema } from "@/lib/api/schema";
import type { Task } from "../task";

/** Tasks carry the names of their project and tags. */
export type LabelKind = "project" | "tag";

/** A section is within a project; tasks carry its name as well. */
export type AnyLabelKind = LabelKind | "section";

type Relabel = Pick<Schema["Relabel"], "from" | "to" | "section">;

/**
 * A task as a change of a project, a section or a tag leaves it, by the server's rules; null if the task already has it. A tag takes the
 * place of the one that it replaces, and an additional one comes last.
 */
export function relabeled(
  task: Task,
  kind: AnyLabelKind,
  { from, to, section }: Relabel,
  at: string,
): Task | null {
  const next = { ...task, version: task.version + 1, updated_at: at };
  if (kind === "project") {
    const moved = section ? { section: section.to } : {};
    return task.project === from ? { ...next, project: to, ...moved } : null;
  }
  if (kind === "section") return task.section === from ? { ...next, section: to } : null;
  if (from === null) {
    return to === null || task.tags.includes(to) ? null : { ...next, tags: [...task.tags, to] };
  }
  if (!task.tags.includes(from)) return null;
  return { ...next, tags: task.tags.flatMap((tag) => (tag === from ? (to ?? []) : tag)) };
}
