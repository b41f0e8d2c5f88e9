import { FilterError, mentionsCompleted } from "../filter/filter";
import { type Today, testOf } from "../filter/evaluate";
import { parseFilter } from "../filter/parser";
import type { Task } from "../task";
import { groupingBy } from "./buckets";
import type { TaskQuery } from "./query";
import { buildRows, type Only, type Rows } from "./rows";
import { inSections, type Sections } from "./section-rows";

const none: Sections = { list: [], collapsed: [] };

export interface Arranged extends Rows {
  /** What is wrong with the filter. */
  problem: FilterError | null;
  /** Whether the filter may list completed tasks. */
  completed: boolean;
}

/** The rows of a query with a filter or a grouping. A wrong filter lists nothing. */
export function arrange(
  tasks: ReadonlyMap<string, Task>,
  query: TaskQuery,
  today: Today,
  sections: Sections = none,
): Arranged {
  let only: Only | undefined;
  if (query.filter.trim()) {
    try {
      const filter = parseFilter(query.filter);
      only = { test: testOf(filter, today), completed: mentionsCompleted(filter) };
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      return { rows: [], ids: [], problem: error, completed: false };
    }
  }
  // In its project a section is a heading even without tasks; elsewhere sections are a grouping as any other.
  const inProject = query.group === "section" && query.project !== null && !query.q;
  const group = query.group && !inProject ? groupingBy(query.group, today.now) : undefined;
  const rows = buildRows(tasks, query, today.now, only, group);
  return {
    ...(inProject ? inSections(rows, sections, query.view === "completed") : rows),
    problem: null,
    completed: only?.completed ?? false,
  };
}
