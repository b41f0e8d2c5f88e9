import { type Atom, scheduled, timed } from "./atom";
import { readDay } from "./date";
import { readRule, weekdayOrPlural } from "./every";
import { readLabel } from "./label";
import { number, type Phrase, skip, wordAt } from "./phrase";
import { readStart, readUntil } from "./until";
import { adverbs, times } from "./words";

/** The greatest number that may be an hour: "at 8 and 20". */
const maxHour = 24;

/**
 * Reads what a task cannot be beside the due or repetition that ends at i, so that the text is not understood: "every
 * morning and evening", "at 9 and 5", "at 9, 12 and 3", "in a day or two", "daily and weekly", "every weekday but friday".
 */
export function readAnother(p: Phrase, i: number, last: Atom | undefined): Atom | null {
  if (last?.to !== i || !scheduled(last)) return null;
  const atom = (to: number): Atom => ({ from: i, to, kind: "due", another: true, needs: ["after due"] });
  const word = wordAt(p, i, i);
  let k = skip(p, i, i, "and", "or", "&");
  if (k > i) {
    const said = wordAt(p, i, k);
    const time = timed(last) && (times[said] !== undefined || said === "midnight");
    const other = adverbs[said] !== undefined || (word === "or" && said === "so");
    return time || other || hourAlone(p, i, k) ? atom(k + 1) : null;
  }
  if (timed(last) && p.tokens[i - 1]!.trail === ",") return hourAlone(p, i, i) ? atom(i + 1) : null;
  k = skip(p, i, skip(p, i, i, "but"), "not");
  if (k === i) return null;
  k = skip(p, i, k, "on");
  return weekdayOrPlural(wordAt(p, i, k)) === undefined ? null : atom(k + 1);
}

/** Whether a number counts nothing: no word of the title follows it. */
function hourAlone(p: Phrase, i: number, k: number): boolean {
  const word = wordAt(p, i, k);
  const n = number(word);
  if (!n || n > maxHour || word === "a" || word === "an") return false;
  const next = wordAt(p, i, k + 1);
  if (!next || ["and", "or", "&"].includes(next)) return true;
  return [readLabel, readRule, readUntil, readStart, readDay].some((read) => read(p, k + 1));
}
