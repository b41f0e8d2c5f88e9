import type { Atom } from "./atom";
import type { Phrase } from "./phrase";
import { priorities } from "./words";

/** Reads a priority, a project or a tag. */
export function readLabel(p: Phrase, i: number): Atom | null {
  const { text, word } = p.tokens[i]!;
  const priority = priorities[word];
  if (priority) return { from: i, to: i + 1, kind: "priority", label: priority };
  // A name of letters of any script, digits and a few signs, but not of digits only.
  const name = /^[#@]([a-zA-Z0-9\u0080-\uffff][a-zA-Z0-9\u0080-\uffff_/&.+'-]*)$/.exec(text)?.[1];
  if (!name || !/[a-zA-Z\u0080-\uffff]/.test(name)) return null;
  return { from: i, to: i + 1, kind: text[0] === "#" ? "project" : "tag", label: name };
}
