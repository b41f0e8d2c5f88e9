/** The most tasks that are made of one paste. */
const most = 200;

/** The marks that lists begin their lines with: bullets, numbers and boxes. */
const mark = /^\s*(?:[-*•–·]\s+|\d{1,3}[.)]\s+)?(?:\[[ xX]?\]\s+|[☐☑✓]\s*)?/u;

/** The lines of a pasted text without their marks; none if it is a single line. */
export function linesOf(text: string): string[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(mark, "").trim())
    .filter(Boolean);
  return lines.length > 1 ? lines.slice(0, most) : [];
}
