import { startOfDay } from "@/lib/time/days";
import { priorities, type Task } from "../task";
import { dayOf, dueTime, isOverdue } from "../view/due";
import { inMonths } from "../view/month";
import { hasName, matcher, sameName } from "../view/search";
import type { Comparison, DateField, DateOp, Day, Filter, State, Thing, Unit } from "./filter";

/** What the words of a filter depend on. */
export interface Today {
  now: number;
  /** The first day of the user's weeks: 0 is Sunday. */
  weekStart: number;
}

type Test = (task: Task) => boolean;

/** The tasks that a filter lists. */
export function testOf(filter: Filter, today: Today): Test {
  switch (filter.kind) {
    case "and": {
      const tests = filter.parts.map((part) => testOf(part, today));
      return (task) => tests.every((test) => test(task));
    }
    case "or": {
      const tests = filter.parts.map((part) => testOf(part, today));
      return (task) => tests.some((test) => test(task));
    }
    case "not": {
      const test = testOf(filter.part, today);
      return (task) => !test(task);
    }
    case "project":
      return ({ project }) => sameName(project, filter.text);
    case "section":
      return ({ section }) => sameName(section, filter.text);
    case "tag":
      return ({ tags }) => hasName(tags, filter.text);
    case "text":
      return matcher(filter.text);
    case "priority": {
      const rank = priorities.indexOf(filter.priority);
      return ({ priority }) => compares(priorities.indexOf(priority), filter.op, rank);
    }
    case "has":
      return (task) => has[filter.what](task) === filter.has;
    case "state":
      return stateTests[filter.state](today);
    case "date": {
      const period = periodOf(filter.day, filter.field, today);
      return inTime(filter.field, (at) => isAt[filter.op](at, period));
    }
    case "within": {
      const { from, to } = within(filter, today);
      return inTime(filter.field, (at) => at >= from && at < to);
    }
  }
}

function compares(a: number, op: Comparison, b: number): boolean {
  return (op.includes("=") && a === b) || (op.startsWith(">") && a > b) || (op.startsWith("<") && a < b);
}

const has: Record<Thing, Test> = {
  date: (task) => dueTime(task) !== null,
  time: ({ due_at }) => due_at !== null,
  project: ({ project }) => !!project,
  section: ({ section }) => !!section,
  tags: ({ tags }) => tags.length > 0,
  priority: ({ priority }) => priority !== "none",
  description: ({ description }) => description !== "",
};

const stateTests: Record<State, (today: Today) => Test> = {
  completed:
    () =>
    ({ completed }) =>
      completed,
  overdue:
    ({ now }) =>
    (task) =>
      !task.completed && isOverdue(task, now),
  recurring:
    () =>
    ({ recurrence }) =>
      recurrence !== null,
  subtask:
    () =>
    ({ parent_id }) =>
      parent_id !== null,
};

const times: Record<DateField, (task: Task) => number | null> = {
  due: dueTime,
  created: ({ created_at }) => Date.parse(created_at),
  updated: ({ updated_at }) => Date.parse(updated_at),
  completed: ({ completed_at }) => (completed_at === null ? null : Date.parse(completed_at)),
};

const inTime =
  (field: DateField, test: (at: number) => boolean): Test =>
  (task) => {
    const at = times[field](task);
    return at !== null && test(at);
  };

interface Period {
  from: number;
  to: number;
}

const isAt: Record<DateOp, (at: number, period: Period) => boolean> = {
  before: (at, { from }) => at < from,
  by: (at, { to }) => at < to,
  on: (at, { from, to }) => at >= from && at < to,
  since: (at, { from }) => at >= from,
  after: (at, { to }) => at >= to,
};

/** The day some units from another. */
export function away(day: Date, n: number, unit: Unit): Date {
  return unit === "month" ? inMonths(day, n) : startOfDay(day, unit === "week" ? 7 * n : n);
}

function periodOf(day: Day, field: DateField, { now, weekStart }: Today): Period {
  const today = startOfDay(now);
  const one = (start: Date) => ({ from: start.getTime(), to: startOfDay(start, 1).getTime() });
  switch (day.kind) {
    case "date":
      return one(dayOf(day.date));
    case "away":
      return one(away(today, day.n, day.unit));
    case "weekday": {
      // The coming one for what is due, the last one for what has happened; today counts in both.
      const ahead = (day.weekday + 1 - today.getDay() + 7) % 7;
      return one(startOfDay(today, field === "due" || ahead === 0 ? ahead : ahead - 7));
    }
    case "period": {
      if (day.unit === "month") {
        const month = (n: number) => new Date(today.getFullYear(), today.getMonth() + n, 1).getTime();
        return { from: month(day.n), to: month(day.n + 1) };
      }
      const week = (n: number) => startOfDay(today, 7 * n - ((today.getDay() - weekStart + 7) % 7)).getTime();
      return { from: week(day.n), to: week(day.n + 1) };
    }
  }
}

/** The next 7 days are today and the six days after it, the last 7 days today and the six before it. */
function within({ n, unit, back }: Extract<Filter, { kind: "within" }>, { now }: Today): Period {
  const today = startOfDay(now);
  const end = away(today, back ? -n : n, unit);
  return back
    ? { from: startOfDay(end, 1).getTime(), to: startOfDay(today, 1).getTime() }
    : { from: today.getTime(), to: end.getTime() };
}
