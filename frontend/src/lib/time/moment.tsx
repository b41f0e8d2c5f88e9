import { perLocale } from "@/lib/words/per-locale";
import type { Tag } from "@/lib/words/rich-message";
import { dayAndTime } from "@/messages/time";
import { daysBetween, formatDay, formatFull, formatTime } from "./days";

const relative = perLocale((tag) => new Intl.RelativeTimeFormat(tag, { numeric: "auto" }));

/** A day within a sentence: today, Friday, 3 Mar. */
export function dayInSentence(at: Date, now: number): string {
  const days = daysBetween(now, at);
  return Math.abs(days) <= 1 ? relative().format(days, "day") : formatDay(at, now);
}

/** A moment within a sentence: today, 09:00. */
export const momentInSentence = (at: Date, now: number): string =>
  dayAndTime({ day: dayInSentence(at, now), time: formatTime(at) });

/** The part of a message that says when: a title has the whole date. */
export function timeTag(at: string): Tag {
  return function Moment(text) {
    return (
      <time dateTime={at} title={formatFull(new Date(at))}>
        {text}
      </time>
    );
  };
}
