import { type Priority, priorities } from "../task";

export const views = ["inbox", "today", "upcoming", "overdue", "all", "completed"] as const;
export type View = (typeof views)[number];

export const sorts = [
  "position",
  "due_at",
  "priority",
  "title",
  "-created_at",
  "-updated_at",
  "-completed_at",
] as const;
export type Sort = (typeof sorts)[number];

/** What the tasks of a list are grouped by. */
export const groups = ["project", "section", "priority", "tag", "due"] as const;
export type Group = (typeof groups)[number];

export const layouts = ["list", "board", "calendar"] as const;
export type Layout = (typeof layouts)[number];

/** The current view: all of it is in the address, so that it survives a reload and can be shared. */
export interface TaskQuery {
  view: View;
  project: string | null;
  tag: string | null;
  q: string;
  priority: Priority | null;
  sort: Sort | null;
  /** A condition in the query language (docs/views.md). */
  filter: string;
  group: Group | null;
  layout: Layout | null;
  /** The id of a saved view, which has its own filter, sort, group and layout. */
  saved: string | null;
  /** The task whose details are open. */
  task: string | null;
}

/** All tasks, with nothing else chosen. */
export const plainQuery: TaskQuery = {
  view: "all",
  ...{ project: null, tag: null, q: "", priority: null },
  ...{ sort: null, filter: "", group: null, layout: null, saved: null, task: null },
};

export const defaultSort: Record<View, Sort> = {
  inbox: "position",
  today: "due_at",
  upcoming: "due_at",
  overdue: "due_at",
  all: "position",
  completed: "-completed_at",
};

export const sortOf = (query: TaskQuery): Sort => query.sort ?? defaultSort[query.view];

/** Parses an address; unknown values are ignored. */
export function parseTaskQuery(params: URLSearchParams): TaskQuery {
  const project = params.get("project") || null;
  const tag = params.get("tag") || null;
  const saved = params.get("v") || null;
  const view = views.find((v) => v === params.get("view"));
  return {
    // A project, tag or saved view without a view shows all of it.
    view: view ?? (project || tag || saved ? "all" : "today"),
    project,
    tag,
    q: params.get("q") ?? "",
    priority: priorities.find((p) => p === params.get("priority")) ?? null,
    sort: sorts.find((s) => s === params.get("sort")) ?? null,
    filter: params.get("filter") ?? "",
    group: groups.find((g) => g === params.get("group")) ?? null,
    layout: layouts.find((l) => l === params.get("layout")) ?? null,
    saved,
    task: params.get("task") || null,
  };
}

/** The shortest address of a query. */
export function taskHref(query: Partial<TaskQuery>): string {
  const params = new URLSearchParams();
  const lists = query.project || query.tag || query.saved;
  const view = query.view ?? (lists ? "all" : "today");
  if (view !== (lists ? "all" : "today")) params.set("view", view);
  if (query.saved) params.set("v", query.saved);
  if (query.project) params.set("project", query.project);
  if (query.tag) params.set("tag", query.tag);
  if (query.q) params.set("q", query.q);
  if (query.priority) params.set("priority", query.priority);
  if (query.sort && query.sort !== defaultSort[view]) params.set("sort", query.sort);
  if (query.filter) params.set("filter", query.filter);
  if (query.group) params.set("group", query.group);
  if (query.layout) params.set("layout", query.layout);
  if (query.task) params.set("task", query.task);
  const text = params.toString();
  return text ? `/?${text}` : "/";
}
