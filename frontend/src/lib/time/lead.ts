import * as words from "@/messages/lead";
import { formatList } from "@/lib/words/per-locale";

const units = [words.years, words.months, words.weeks, words.days, words.hours, words.minutes, words.seconds];

const number = String.raw`(\d+(?:\.\d+)?)`;
const form = new RegExp(
  `^P(?:${number}Y)?(?:${number}M)?(?:${number}W)?(?:${number}D)?(?:T(?:${number}H)?(?:${number}M)?(?:${number}S)?)?$`,
);

/** A duration (ISO 8601) before the due time, in words. */
export function describeLead(duration: string): string {
  const [, ...counts] = form.exec(duration) ?? [];
  const said = units.flatMap((unit, i) => {
    const count = Number(counts[i] ?? 0);
    return count > 0 ? [unit({ count })] : [];
  });
  return said.length ? words.before({ duration: formatList(said) }) : words.atDueTime();
}
