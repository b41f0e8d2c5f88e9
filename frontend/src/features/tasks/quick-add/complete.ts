import { fold } from "../view/search";
import type { LabelKind } from "../labels/relabel";

/** The name of a project or a tag that is being typed. */
export interface Typed {
  kind: LabelKind;
  /** What of the name is there. */
  prefix: string;
  /** Where it is in the text, with its sign. */
  from: number;
  to: number;
}

/** The name that the caret is at the end of. */
export function typedAt(text: string, caret: number): Typed | null {
  const [, sign, prefix = ""] = /(?:^|\s)([#@])([^\s#@]*)$/.exec(text.slice(0, caret)) ?? [];
  // Inside of a word is no place to complete it.
  if (!sign || /^\S/.test(text.slice(caret))) return null;
  return { kind: sign === "#" ? "project" : "tag", prefix, from: caret - prefix.length - 1, to: caret };
}

const most = 8;

/** The names that begin with what is typed, then those of which another word does, in their order; not what is complete. */
export function suggestions(names: readonly string[], prefix: string): string[] {
  const typed = fold(prefix);
  const starts: string[] = [];
  const within: string[] = [];
  for (const name of names) {
    const folded = fold(name);
    if (folded === typed) continue;
    if (folded.startsWith(typed)) starts.push(name);
    else if (folded.split(/[\s/_.-]+/).some((word) => word.startsWith(typed))) within.push(name);
  }
  return [...starts, ...within].slice(0, most);
}

/** Whether the grammar reads a name after its sign; one with spaces is no single word. */
export const isSayable = (name: string) =>
  /^[a-zA-Z0-9\u0080-\uffff][a-zA-Z0-9\u0080-\uffff_/&.+'-]*$/.test(name) &&
  /[a-zA-Z\u0080-\uffff]/.test(name);

/** The text with a name in the place of what was typed of it, and the caret after it; without one it is taken out. */
export function completed(text: string, { from, to }: Typed, said: string): { text: string; caret: number } {
  const before = text.slice(0, from) + (said && `${said} `);
  return { text: before + text.slice(to).replace(/^ /, ""), caret: before.length };
}
