import * as words from "@/messages/buckets";
import { today, tomorrow } from "@/messages/common";
import { earlier, overdue } from "@/messages/rows";
import { noSection } from "@/messages/sections";
import { collator } from "@/lib/words/per-locale";
import { memoize } from "@/lib/memoize";
import { formatDate, startOfDay } from "@/lib/time/days";
import { priorities, type Task, type TaskPatch } from "../task";
import { dueTime, lateness } from "./due";
import { movedTo } from "./due-choices";
import { priorityLabels } from "./labels";
import type { Group } from "./query";
import type { Grouping } from "./rows";
import { fold, hasName, sameName } from "./search";

/** One group of tasks: a part of a list, or a column of a board. */
export interface Bucket {
  key: string;
  label: string;
  tone: "plain" | "danger";
  /** The place among the others. */
  rank: number | string;
  /** What a task of it has: a project, tag or priority; null is none. */
  value: string | null;
  /** Of a section, its project. */
  project?: string;
  /** Where a task that is moved to it is due; without one it cannot be moved there. */
  day?: Date | null;
}

const last = "\uffff";

const named = (kind: "project" | "tag", name: string | null, none: string): Bucket => ({
  key: name === null ? `no-${kind}` : `${kind}-${name}`,
  label: name ?? none,
  tone: "plain",
  rank: name ?? last,
  value: name,
});

export const projectBucket = (name: string | null) => named("project", name, words.noProject());
export const tagBucket = (name: string | null) => named("tag", name, words.noTag());

/** A section, which outside of its project has the name of that too. In its project the sections have an order. */
function sectionBucket(
  task: Pick<Task, "project" | "section">,
  order: readonly string[] | undefined,
): Bucket {
  const { project, section } = task;
  const none = { key: "no-section", label: noSection(), tone: "plain", value: null } as const;
  if (!project || !section) return { ...none, rank: order ? -1 : last };
  const at = order?.findIndex((name) => sameName(section, name)) ?? -1;
  return {
    key: `section-${fold(project)}/${fold(section)}`,
    label: order ? section : `${project} / ${section}`,
    tone: "plain",
    rank: !order ? `${project}/${section}` : at < 0 ? order.length : at,
    value: section,
    project,
  };
}

const priorityBucket = (priority: Task["priority"]): Bucket => ({
  key: `priority-${priority}`,
  label: priorityLabels[priority](),
  tone: "plain",
  rank: -priorities.indexOf(priority),
  value: priority,
});

/** The times when tasks are due, from late to never. */
function dueBuckets(now: number): Bucket[] {
  const days = (n: number) => startOfDay(now, n);
  const bucket = (key: string, label: string, rank: number, day?: Date | null): Bucket => ({
    key,
    label,
    tone: key === "overdue" ? "danger" : "plain",
    rank,
    value: null,
    ...(day === undefined ? {} : { day }),
  });
  return [
    bucket("overdue", overdue(), 0),
    bucket("due-earlier", earlier(), 1),
    bucket("due-today", today(), 2, days(0)),
    bucket("due-tomorrow", tomorrow(), 3, days(1)),
    bucket("due-week", words.nextDays(), 4, days(2)),
    bucket("due-later", words.later(), 5, days(7)),
    bucket("no-date", words.noDate(), 6, null),
  ];
}

/** Finds the group of a task by when it is due. The days are looked up once. */
function dueBucketer(now: number): (task: Task) => Bucket {
  const buckets = dueBuckets(now);
  const ends = [1, 2, 7].map((days) => startOfDay(now, days).getTime());
  const indexOf = (task: Task) => {
    const due = dueTime(task);
    if (due === null) return 6;
    const late = lateness(task, now);
    if (late) return late === "overdue" ? 0 : 1;
    const end = ends.findIndex((end) => due < end);
    return end < 0 ? 5 : end + 2;
  };
  return (task) => buckets[indexOf(task)]!;
}

/** Finds the groups of a task: with two tags it is in two. Each group is made once, since there may be thousands of tasks. */
export function bucketer(
  group: Group,
  now: number,
  sections?: readonly string[],
): (task: Task) => readonly Bucket[] {
  switch (group) {
    case "section": {
      const of = memoize((project: string | null) =>
        memoize((section: string | null) => sectionBucket({ project, section }, sections)),
      );
      return ({ project, section }) => [of(project)(section)];
    }
    case "project": {
      const of = memoize(projectBucket);
      return (task) => [of(task.project || null)];
    }
    case "priority": {
      const of = memoize(priorityBucket);
      return (task) => [of(task.priority)];
    }
    case "tag": {
      const of = memoize(tagBucket);
      return ({ tags }) => (tags.length > 0 ? tags.map(of) : [of(null)]);
    }
    case "due": {
      const of = dueBucketer(now);
      return (task) => [of(task)];
    }
  }
}

export interface Names {
  projects: readonly string[];
  tags: readonly string[];
  /** Of a project's board, whose sections have an order. */
  sections?: { project: string; order: readonly string[] } | undefined;
}

/** The groups that a board has even if no task is in them. */
export function allBuckets(group: Group, names: Names, now: number): Bucket[] {
  switch (group) {
    case "section":
      return [
        ...(names.sections?.order ?? []).map((section) =>
          sectionBucket({ project: names.sections?.project ?? null, section }, names.sections?.order),
        ),
        sectionBucket({ project: null, section: null }, names.sections?.order),
      ];
    case "project":
      return [...names.projects, null].map(projectBucket);
    case "priority":
      return priorities.toReversed().map(priorityBucket);
    case "tag":
      return [...names.tags, null].map(tagBucket);
    case "due":
      return dueBuckets(now).slice(2); // no task can be moved to the past
  }
}

export function compareBuckets({ rank: a }: Bucket, { rank: b }: Bucket): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (a === last || b === last) return Number(a === last) - Number(b === last);
  return collator().compare(String(a), String(b));
}

/** The grouping of a list. A list has each task once, under the first of its tags. */
export function groupingBy(group: Group, now: number): Grouping {
  const bucketsOf = bucketer(group, now);
  return (tasks) => {
    const groups = new Map<string, { bucket: Bucket; tasks: Task[] }>();
    for (const task of tasks) {
      const bucket = firstOf(bucketsOf(task));
      const known = groups.get(bucket.key);
      if (known) known.tasks.push(task);
      else groups.set(bucket.key, { bucket, tasks: [task] });
    }
    return [...groups.values()]
      .sort((a, b) => compareBuckets(a.bucket, b.bucket))
      .map(({ bucket: { key, label, tone }, tasks }) => ({ key, label, tone, tasks }));
  };
}

const firstOf = (buckets: readonly Bucket[]): Bucket =>
  buckets.length === 1 ? buckets[0]! : buckets.toSorted(compareBuckets)[0]!;

/** What a move to a group will do, if its name does not say it: the day of "Next 7 days". */
export const moveLabel = ({ label, day, key }: Bucket) =>
  day && (key === "due-week" || key === "due-later")
    ? words.withDay({ group: label, day: formatDate(day) })
    : label;

/** What changes about a task that is moved from one group to another; null if it cannot be moved there. */
export function moveTo(task: Task, group: Group, from: Bucket, to: Bucket): TaskPatch | null {
  if (from.key === to.key) return null;
  switch (group) {
    case "project":
      return { project: to.value };
    case "section":
      return to.value === null ? { section: null } : { project: to.project ?? null, section: to.value };
    case "priority":
      return { priority: to.value as Task["priority"] };
    case "tag": {
      // To no tag means without any of them; otherwise one takes the place of the other.
      const others = to.value === null ? [] : task.tags.filter((tag) => tag !== from.value);
      return { tags: to.value === null || hasName(others, to.value) ? others : [...others, to.value] };
    }
    case "due":
      return to.day === undefined ? null : movedTo(task, to.day);
  }
}

/** The columns of a board with their tasks, in order; a task with two tags is in two. */
export function columnsOf(
  tasks: readonly Task[],
  group: Group,
  names: Names,
  now: number,
): { bucket: Bucket; tasks: Task[] }[] {
  const columns = new Map(
    allBuckets(group, names, now).map((bucket) => [bucket.key, { bucket, tasks: [] as Task[] }]),
  );
  const bucketsOf = bucketer(group, now, names.sections?.order);
  for (const task of tasks) {
    for (const bucket of bucketsOf(task)) {
      const column = columns.get(bucket.key) ?? { bucket, tasks: [] };
      columns.set(bucket.key, column);
      column.tasks.push(task);
    }
  }
  return [...columns.values()].sort((a, b) => compareBuckets(a.bucket, b.bucket));
}
