import type { Atom, Need, TimeWord } from "./atom";
import { blocked, number, type Phrase, skip, wordAt } from "./phrase";
import { numbers, spokenMinutes, times } from "./words";

/** A time that was read, and the index after it. */
interface Found {
  time: TimeWord;
  to: number;
  needs: Need[];
}

const someTime = { part: "", hour: 0, minute: 0 };
const anywhereButAmid: Need[] = ["near due", "end", "beginning"];

/** Reads a time of day or a range of times, which counts by its start: "at 5pm", "this evening", "2-4pm". */
export function readTime(p: Phrase, i: number): Atom | null {
  const part = dayPart(p, i);
  if (part) return { ...part, blocked: blocked(p, i) };
  let j = skip(p, i, i, "due");
  j = skip(p, i, skip(p, i, j, "starting"), "at", "by", "from", "between");
  const at = j > i && p.tokens[j - 1]!.word === "at";
  const found = timeOrRange(p, i, j, at);
  if (!found) return null;
  const needs = j > i ? [] : found.needs;
  return { from: i, to: found.to, kind: "due", time: found.time, needs, blocked: blocked(p, i) };
}

/** Reads "this evening", "in the morning", "at night", "tonight", "eod", and a bare "morning" after a day. */
function dayPart(p: Phrase, i: number): Atom | null {
  const atom = (to: number, time: TimeWord, needs: Need[] = []): Atom => ({
    from: i,
    to,
    kind: "due",
    time,
    needs,
  });
  const j = skip(p, i, i, "due");
  const by = skip(p, i, j, "by");
  const endOfDay: TimeWord = { ...someTime, hour: 17, form: "exact", weakToday: true };
  if (wordAt(p, i, by) === "tonight") {
    return atom(by + 1, { hour: 20, minute: 0, form: "part", part: "night", today: true });
  }
  if (wordAt(p, i, by) === "eod") return atom(by + 1, endOfDay);
  const end = skip(p, i, by, "the");
  if (wordAt(p, i, end) === "end" && wordAt(p, i, end + 1) === "of") {
    const day = skip(p, i, end + 2, "the");
    if (wordAt(p, i, day) === "day") return atom(day + 1, endOfDay);
  }
  let k = j;
  let today = false;
  const needs: Need[] = [];
  const [word, next] = [wordAt(p, i, j), wordAt(p, i, j + 1)];
  if (word === "this") [k, today] = [j + 1, true];
  else if (word === "in" && next === "the") k = j + 2;
  else if (word === "at" && next === "night") k = j + 1;
  else needs.push("after due");
  const said = wordAt(p, i, k);
  const clock = times[said];
  if (!clock || said === "noon" || said === "midday") return null;
  const part = word === "at" ? "at night" : said;
  return atom(k + 1, { hour: clock[0], minute: clock[1], form: "part", part, today }, needs);
}

/** Reads a time or the start of a range of times at j. */
function timeOrRange(p: Phrase, i: number, j: number, at: boolean): Found | null {
  const spaced = spacedRange(p, i, j);
  if (spaced) return spaced;
  const found = timeAt(p, i, j, at);
  if (!found) return null;
  const after = skip(p, i, found.to, ...rangeWords(p, i, j));
  if (after > found.to) {
    const last = timeAt(p, i, after, false);
    if (last) return { time: found.time, to: last.to, needs: [] };
  }
  return found;
}

/** The words between the ends of a range of times. "8am and 8pm" is none. */
const rangeWords = (p: Phrase, i: number, j: number): string[] =>
  j > i && p.tokens[j - 1]!.word === "between" ? ["and"] : ["-", "–", "—", "to", "until", "till"];

/** Reads one time. A bare hour counts after "at" only. */
function timeAt(p: Phrase, i: number, j: number, at: boolean): Found | null {
  const word = wordAt(p, i, j);
  if (word === "12" && ["noon", "midday", "midnight"].includes(wordAt(p, i, j + 1))) {
    return timeAt(p, i, j + 1, at);
  }
  if (word === "a" && wordAt(p, i, j + 1) === "quarter") return timeAt(p, i, j + 1, at);
  switch (word) {
    case "noon":
    case "midday":
      return { time: { ...someTime, hour: 12, form: "exact" }, to: j + 1, needs: anywhereButAmid };
    case "midnight":
      return { time: { ...someTime, form: "midnight" }, to: j + 1, needs: anywhereButAmid };
    case "half":
    case "quarter":
      return spoken(p, i, j, word);
  }
  if (at && ["past", "to"].includes(wordAt(p, i, j + 1))) {
    const found = spoken(p, i, j, word);
    const hour = number(wordAt(p, i, j + 2));
    if (found || (hour && hour <= 12)) return found;
  }
  const range = cutRange(word);
  if (range) {
    const [half, to] = halfAt(p, i, j + 1);
    const time = rangeStart(range[0], range[1] + half, at);
    return time && { time, to, needs: [] };
  }
  const inDigits = clockOf(word);
  const clock = inDigits ?? spelled(p, i, j);
  if (!clock) return null;
  let to = inDigits || !clock.minute ? j + 1 : j + 2;
  if (!clock.half && !clock.h) [clock.half, to] = halfAt(p, i, to);
  const time = timeOf(clock);
  if (!time) return null;
  if (clock.bare && !clock.half && ["o'clock", "o’clock"].includes(wordAt(p, i, to)))
    return { time, to: to + 1, needs: [] };
  if (clock.bare && !clock.half && !at && !inTheDayPart(p, i, to)) return null;
  return { time, to, needs: timeNeeds(clock, word) };
}

/** Reads an hour in letters, and the minutes after it: "five", "five thirty". */
function spelled(p: Phrase, i: number, j: number): Clock | null {
  const word = wordAt(p, i, j);
  if (!numbers[word] || word === "a" || word === "an") return null;
  const n = numbers[wordAt(p, i, j + 1)] ?? 0;
  const minute = n >= 10 && n < 60 && n % 5 === 0 ? n : 0;
  return { ...noClock, hour: numbers[word], minute, bare: true };
}

/**
 * What a time needs that may be a number or a duration: "12.50", "2h". Both are titles where they do not look like a
 * time.
 */
function timeNeeds({ half, dotted, h, hour }: Clock, word: string): Need[] {
  if (half) return [];
  if (dotted) return word.length === "17.00".length ? anywhereButAmid : ["near due"];
  return h && hour < 13 && !word.startsWith("0") ? ["after due at end"] : [];
}

/** Reads am, pm, a.m. or p.m. at k. */
function halfAt(p: Phrase, i: number, k: number): ["" | "a" | "p", number] {
  const word = wordAt(p, i, k);
  if (word === "am" || word === "a.m") return ["a", k + 1];
  if (word === "pm" || word === "p.m") return ["p", k + 1];
  return ["", k];
}

/** Whether "in the evening" or "at night" follows, which makes a number an hour. */
const inTheDayPart = (p: Phrase, i: number, k: number): boolean =>
  (wordAt(p, i, k) === "at" && wordAt(p, i, k + 1) === "night") ||
  (wordAt(p, i, k) === "in" && wordAt(p, i, k + 1) === "the" && times[wordAt(p, i, k + 2)] !== undefined);

/** Reads "half past five", "quarter to six" and "ten past 8". */
function spoken(p: Phrase, i: number, j: number, word: string): Found | null {
  const direction = wordAt(p, i, j + 1);
  const said = spokenMinutes[word];
  if (!said || !["past", "to"].includes(direction)) return null;
  // Nobody says "half to five", and "at 10 to 12" may be a range.
  if (direction === "to" && (word === "half" || /^[0-9]+$/.test(word))) return null;
  const minutes = direction === "to" ? -said : said;
  const found = spokenHour(p, i, j + 2);
  if (!found) return null;
  const [time, to] = found;
  if (time.form === "midnight" && minutes < 0) time.form = "exact"; // of the day before midnight's
  const total = (time.hour * 60 + minutes + 24 * 60) % (24 * 60);
  return { time: { ...time, hour: Math.trunc(total / 60), minute: total % 60 }, to, needs: [] };
}

/** Reads the hour of "half past five", "quarter to 6pm" and "ten past midnight". */
function spokenHour(p: Phrase, i: number, j: number): [TimeWord, number] | null {
  const word = wordAt(p, i, j);
  if (word === "noon" || word === "midday") return [{ ...someTime, hour: 12, form: "exact" }, j + 1];
  if (word === "midnight") return [{ ...someTime, form: "midnight" }, j + 1];
  if (word === "a" || word === "an") return null;
  const clock = clockOf(word) ?? { ...noClock, hour: numbers[word] ?? 0, bare: true };
  let to = j + 1;
  if (!clock.half) [clock.half, to] = halfAt(p, i, to);
  const time = clock.bare ? timeOf(clock) : null;
  return time && [time, to];
}

/** Reads "2 to 4pm", where the first hour is bare. */
function spacedRange(p: Phrase, i: number, j: number): Found | null {
  const from = clockOf(wordAt(p, i, j));
  const after = skip(p, i, j + 1, ...rangeWords(p, i, j));
  if (!from || from.half || from.h || after === j + 1) return null;
  const [half, to] = halfAt(p, i, after + 1);
  const time = rangeStart(wordAt(p, i, j), wordAt(p, i, after) + half, false);
  return time && { time, to, needs: [] };
}

/** Splits "2-4pm". */
function cutRange(word: string): [string, string] | null {
  for (const dash of ["-", "–", "—"]) {
    const at = word.indexOf(dash);
    if (at >= 0) return [word.slice(0, at), word.slice(at + 1)];
  }
  return null;
}

/**
 * The start of a range. An am or pm that is said once is for both ends, unless the start would be after the end:
 * "11-1pm" is from 11 in the morning.
 */
function rangeStart(from: string, to: string, at: boolean): TimeWord | null {
  const [start, end] = [clockOf(from), clockOf(to)];
  if (!start || !end) return null;
  if (!start.half && !start.h && end.half) {
    start.half = end.half;
    const [s, e] = [timeOf(start), timeOf(end)];
    if (!s || !e) return null;
    const last = e.hour * 60 + e.minute || 24 * 60;
    if (s.hour * 60 + s.minute >= last) start.half = end.half === "a" ? "p" : "a";
  } else if (!start.half) {
    if (start.bare && end.h) [start.bare, start.h] = [false, true];
    else if (!at && (start.bare || (!start.h && end.bare))) return null;
  }
  return timeOf(end) && timeOf(start);
}

/** A time as it is written in one word. */
interface Clock {
  hour: number;
  minute: number;
  half: "" | "a" | "p";
  /** An hour alone. */
  bare: boolean;
  /** 17.00 */
  dotted: boolean;
  /** 17h */
  h: boolean;
}

const noClock: Clock = { hour: 0, minute: 0, half: "", bare: false, dotted: false, h: false };
const clockForm = /^([0-9]{1,2})(?:([:.])([0-9]{2}))?(a|p|am|pm|a\.m|p\.m)?$/;
const hourForm = /^([0-9]{1,2})(?:h([0-9]{2})?|:([0-9]{2})h)$/;

/** Reads 5pm, 5:30, 17.30, 17h30 and 5. */
function clockOf(word: string): Clock | null {
  const hours = hourForm.exec(word);
  if (hours) {
    return { ...noClock, hour: Number(hours[1]), minute: Number(hours[2] ?? hours[3] ?? 0), h: true };
  }
  const match = clockForm.exec(word);
  if (!match) return null;
  const [, hour, sign, minute, half] = match;
  return {
    ...noClock,
    hour: Number(hour),
    minute: Number(minute ?? 0),
    half: (half?.[0] ?? "") as Clock["half"],
    bare: minute === undefined,
    dotted: sign === ".",
  };
}

/** The time of day, if the clock has it. */
function timeOf({ hour, minute, half, bare }: Clock): TimeWord | null {
  if (minute > 59) return null;
  if (half) {
    if (hour < 1 || hour > 12) return null;
    return { part: "", hour: (hour % 12) + (half === "p" ? 12 : 0), minute, form: "exact" };
  }
  if (bare) {
    if (hour < 1 || hour > 12) return null;
    return { part: "", hour: hour <= 7 ? hour + 12 : hour, minute, form: "bare" };
  }
  return hour > 23 ? null : { part: "", hour, minute, form: "clock" };
}
