import MarkdownIt, { type Token } from "markdown-it";

export type { Token };

/**
 * Links lead to other sites, to mail or to a telephone. A scheme that could run a script or read a file, such as
 * `javascript:` or `data:`, makes no link.
 */
export const isSafe = (href: string): boolean => /^(https?:\/\/|mailto:|tel:)/i.test(href.trim());

/** CommonMark with tables and strikethrough, without HTML: a tag is text. A line break is one, as it was typed. */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });
markdown.validateLink = isSafe;
// “README.md” is no site of Moldova.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

export const parse = (text: string): Token[] => markdown.parse(text, {});

/** The beginning of a list item that can be ticked off. */
export const box = /^\[([ xX])\](?=\s|$)/;

/** The text with the checkbox on a line, counted from 0, ticked or cleared. */
export function toggled(text: string, line: number): string {
  const lines = text.split(/(\r\n?|\n)/); // the ends of lines are in between, to keep them
  const at = line * 2;
  lines[at] = (lines[at] ?? "").replace(
    /^((?:\s|>|[-+*]|\d+[.)])*\[)([ xX])(?=\])/,
    (_, before: string, mark: string) => before + (mark === " " ? "x" : " "),
  );
  return lines.join("");
}
