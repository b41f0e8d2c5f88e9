import type { Priority } from "../task";

/** A condition on tasks, as a user writes it in the query language (docs/views.md). */
export type Filter =
  | { kind: "and" | "or"; parts: Filter[] }
  | { kind: "not"; part: Filter }
  | { kind: "project" | "section" | "tag" | "text"; text: string }
  | { kind: "priority"; op: Comparison; priority: Priority }
  | { kind: "has"; what: Thing; has: boolean }
  | { kind: "state"; state: State }
  | { kind: "date"; field: DateField; op: DateOp; day: Day }
  | { kind: "within"; field: DateField; back: boolean; n: number; unit: Unit };

export const comparisons = ["=", ">=", ">", "<=", "<"] as const;
export type Comparison = (typeof comparisons)[number];

export const things = ["date", "time", "project", "section", "tags", "priority", "description"] as const;
export type Thing = (typeof things)[number];

export const states = ["overdue", "completed", "recurring", "subtask"] as const;
export type State = (typeof states)[number];

export const dateFields = ["due", "created", "updated", "completed"] as const;
export type DateField = (typeof dateFields)[number];

/** `by` and `since` include the day, `before` and `after` do not. */
export const dateOps = ["before", "by", "on", "since", "after"] as const;
export type DateOp = (typeof dateOps)[number];

export const units = ["day", "week", "month"] as const;
export type Unit = (typeof units)[number];

/** A day, or a week or month as a whole. */
export type Day =
  | { kind: "away"; n: number; unit: Unit } // from today: 0 days is today
  | { kind: "weekday"; weekday: number } // 0 is Monday
  | { kind: "period"; n: -1 | 0 | 1; unit: "week" | "month" }
  | { kind: "date"; date: string };

export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** The longest query that a view may have. */
export const maxQuery = 1000;

/** What is wrong with a query, and where. */
export class FilterError extends Error {
  constructor(
    message: string,
    readonly from: number,
    readonly to: number,
  ) {
    super(message);
  }
}

/** Whether a filter says itself which completed tasks it lists; others list open tasks only. */
export function mentionsCompleted(filter: Filter): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.parts.some(mentionsCompleted);
    case "not":
      return mentionsCompleted(filter.part);
    case "state":
      return filter.state === "completed";
    case "date":
    case "within":
      return filter.field === "completed";
    default:
      return false;
  }
}
