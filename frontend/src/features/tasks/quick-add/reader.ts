import type { QueryClient } from "@tanstack/react-query";
import { askBeforeLeaving } from "@/lib/ask-before-leaving";
import type { NewTask } from "../task";
import type { Reading } from "./read";

export type Reader = (text: string, refused: ReadonlySet<string>) => Reading;

/** What a new task has unless its text says otherwise. */
export type Defaults = Partial<Pick<NewTask, "project" | "section" | "tags" | "due_date" | "parent_id">>;

let loading: Promise<Reader> | null = null;

/** Fetches the grammar and its words in the language of the page; null if it cannot be fetched now. */
export async function loadReader(client: QueryClient): Promise<Reader | null> {
  loading ??= import("./read").then(({ makeReader }) => makeReader(client));
  const [read] = await Promise.all([
    loading.catch(() => (loading = null)),
    import("@/lib/quickadd/languages").then(({ loadOtherLanguage }) => loadOtherLanguage()).catch(() => {}),
  ]);
  return read;
}

/** A text of which nothing is understood. */
export function plainTitle(text: string): Reading {
  const title = text.trim();
  return { understood: { title, tags: [], parts: [], missed: [] }, task: { title } };
}

/** How long a new task waits for a grammar whose request hangs, in milliseconds. */
const longestWait = 5000;

/**
 * The task that a text describes now: "in 2 hours" counts from the moment when it is added. If the grammar does not come, the text
 * is its title: until then the task is nowhere else, and the browser asks before the page is left.
 */
export async function readTask(
  client: QueryClient,
  text: string,
  refused: ReadonlySet<string> = new Set(),
): Promise<NewTask> {
  const mayLeave = askBeforeLeaving();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), longestWait);
  });
  try {
    const read = await Promise.race([loadReader(client), timeout]);
    return (read?.(text, refused) ?? plainTitle(text)).task;
  } finally {
    clearTimeout(timer);
    mayLeave();
  }
}

export function withDefaults(
  task: NewTask,
  { project, section, tags = [], due_date, parent_id }: Defaults,
): NewTask {
  return {
    ...(due_date && !task.due_at ? { due_date } : {}),
    ...(parent_id ? { parent_id } : {}),
    ...task,
    project: task.project ?? project ?? null,
    // A section is one of the project that is not named otherwise.
    ...(section && !task.project ? { section } : {}),
    tags: [...new Set([...tags, ...(task.tags ?? [])])],
  };
}
