import { type Filter, FilterError } from "../filter/filter";
import { formatFilter } from "../filter/format";
import { parseFilter } from "../filter/parser";
import type { TaskQuery, View } from "./query";

const due = (op: "by" | "after"): Filter => ({
  ...{ kind: "date", field: "due", op },
  day: { kind: "away", n: 0, unit: "day" },
});

const views: Record<View, Filter[]> = {
  inbox: [
    { kind: "has", what: "project", has: false },
    { kind: "not", part: { kind: "state", state: "subtask" } },
  ],
  today: [due("by")],
  upcoming: [due("after")],
  overdue: [{ kind: "state", state: "overdue" }],
  all: [],
  completed: [{ kind: "state", state: "completed" }],
};

/** What a list shows, as a query; empty for all tasks. A filter with a mistake, which lists nothing, is returned as it is. */
export function queryOfList(query: TaskQuery): string {
  try {
    return formatList(query);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return query.filter;
  }
}

function formatList({ view, project, tag, priority, q, filter }: TaskQuery): string {
  const own = filter.trim() ? parseFilter(filter) : null;
  const parts: Filter[] = [
    ...views[view],
    ...(project ? [{ kind: "project", text: project } as const] : []),
    ...(tag ? [{ kind: "tag", text: tag } as const] : []),
    ...(priority ? [{ kind: "priority", op: "=", priority } as const] : []),
    ...(q.trim() ? [{ kind: "text", text: q.trim().replace(/\s+/gu, " ") } as const] : []),
    ...(own?.kind === "and" ? own.parts : own ? [own] : []),
  ];
  const [only] = parts;
  return !only ? "" : formatFilter(parts.length === 1 ? only : { kind: "and", parts });
}
