/** The most tasks that are made at once. */
export const mostLines = 200;

/** The marks that lists begin their lines with: bullets, numbers and boxes. */
const mark = /^\s*(?:[-*•–·]\s+|\d{1,3}[.)]\s+)?(?:\[[ xX]?\]\s+|[☐☑✓]\s*)?/u;

/** The lines of a pasted text without their marks; none if it is a single line. */
export function linesOf(text: string): string[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(mark, "").trim())
    .filter(Boolean);
  return lines.length > 1 ? lines : [];
}

/** Lines that were pasted into a text of one line. */
export interface Pasted {
  /** What was typed before and after their place. */
  around: readonly [before: string, after: string];
  lines: readonly string[];
  /** Whether others of the same paste have been added already. */
  rest: boolean;
}

/** The text in which the lines are one. */
export const joined = ({ around: [before, after], lines }: Pasted): string =>
  [before, ...lines, after]
    .map((part) => part.trim())
    .filter(Boolean)
    .join(" ");

/** What stays when as many lines as possible are added. */
export const without = ({ around, lines }: Pasted): Pasted => ({
  ...{ around, lines: lines.slice(mostLines), rest: true },
});
