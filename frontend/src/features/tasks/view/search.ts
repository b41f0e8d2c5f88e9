import type { Task } from "../task";

const texts = new WeakMap<Task, string>();

/** The searchable text of a task: its words in lower case and without accents, each after a space. */
function textOf(task: Task): string {
  let text = texts.get(task);
  if (text === undefined) {
    text = " " + fold(`${task.title} ${task.description} ${task.tags.join(" ")} ${task.project ?? ""}`);
    texts.set(task, text);
  }
  return text;
}

export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{So}]+/gu, " ");
}

/**
 * Finds tasks as the server's search does: every search word must match a word of the task, or the beginning of one.
 */
export function matcher(query: string): (task: Task) => boolean {
  const words = fold(query).split(" ").filter(Boolean);
  return (task) => {
    const text = textOf(task);
    return words.every((word) => text.includes(` ${word}`));
  };
}
