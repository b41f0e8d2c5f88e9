// The same as functions/tasks/internal/quickadd/language.go.
import { dotted, slashed } from "./date";

/**
 * How a language is written. In phrases, "jede|jeden {weekday}": a bar separates words, {} is a slot; "{dom.}" has a point. After a
 * phrase come its meanings in English, in which {2} is what the second word of the phrase stands for. "or so" says that no task can
 * be so: then the whole text is title.
 */
export interface VocabularyFile {
  fold: Record<string, string>;
  words: Record<string, string>;
  sets: Record<string, Record<string, string>>;
  phrases: string[][];
}

/**
 * A language other than English: which English words its words and phrases stand for. The English grammar reads what that makes of
 * a text; see rewriting.ts.
 */
export interface Language {
  folded: (word: string) => string;
  /** One word for one. */
  words: ReadonlyMap<string, string>;
  /** What a slot of a phrase may be. */
  sets: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By a word that they begin with; "" those that begin with a slot. */
  phrases: ReadonlyMap<string, readonly PhrasePattern[]>;
}

/**
 * A phrase with its meanings, of which the first counts that fits the text around it. Without words a meaning says that the phrase
 * is title.
 */
export interface PhrasePattern {
  order: number;
  elements: Element[];
  meanings: string[];
}

/** A word of a phrase: one of some words, or a slot such as {weekday}, perhaps with an ending: "{weekday}abend". */
interface Element {
  words: string[];
  slot?: string;
  ending: string;
  /** Whether a point may follow it: "5. Dezember" and "5 Dezember". */
  point?: boolean;
  /** The punctuation that follows it. */
  sign: string;
}

export function readLanguage({ fold, words, sets, phrases }: VocabularyFile): Language {
  const letters = new Map(Object.entries(fold));
  const folded = (word: string) => {
    const lower = word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    return Array.from(lower, (letter) => letters.get(letter) ?? letter).join("");
  };
  const table = (of: Record<string, string>) =>
    new Map(Object.entries(of).map(([word, means]) => [folded(word), means]));
  const byFirst = new Map<string, PhrasePattern[]>();
  phrases.forEach(([text = "", ...meanings], order) => {
    const pattern = { order, elements: text.split(" ").map((word) => elementOf(word, folded)), meanings };
    const first = pattern.elements[0]!;
    for (const word of first.slot ? [""] : first.words) {
      byFirst.set(word, [...(byFirst.get(word) ?? []), pattern]);
    }
  });
  return {
    folded,
    words: table(words),
    sets: new Map(Object.entries(sets).map(([name, set]) => [name, table(set)])),
    phrases: byFirst,
  };
}

function elementOf(text: string, folded: (word: string) => string): Element {
  const [, slot, sign = "", ending = ""] = /^\{([a-z0-9]+)([.,]?)\}(.*)$/.exec(text) ?? [];
  if (slot) {
    const point = ["dom", "doms", "date", "short", "abbr"].includes(slot) && sign !== ".";
    return { words: [], slot, ending: folded(ending), sign, point };
  }
  const word = text.replace(/[!,]+$/, "");
  return { words: folded(word).split("|"), ending: "", sign: text.slice(word.length) };
}

/** What an element stands for where it is a folded word, and the punctuation that is left. */
export function match(
  language: Language,
  { words, slot, ending, point, sign }: Element,
  word: string,
  trail: string,
): { means: string; left: string } | null {
  const after = point && trail.startsWith(".") ? trail.slice(1) : trail;
  if (!word || !after.startsWith(sign)) return null;
  const left = after.slice(sign.length);
  if (!slot) return words.includes(word) ? { means: word, left } : null;
  if (!word.endsWith(ending)) return null;
  const means = inSlot(language, slot, word.slice(0, word.length - ending.length));
  return means === null ? null : { means, left };
}

const hourAlone = /^[0-9]{1,2}$/;
const twoHours = /^([0-9]{1,2}(?:[:.][0-9]{2})?)[-–—]([0-9]{1,2}(?:[:.][0-9]{2})?)$/;
const twoDays = /^([0-9]{1,2})\.?[-–—]([0-9]{1,2})$/;
const fullClock = /^([0-9]{1,2})(?:[:.h]([0-9]{2})h?|h)$/;

/** An hour with its minutes: 14:00 for 14. */
const onTheHour = (clock: string): string => (hourAlone.test(clock) ? `${clock}:00` : clock);

/** What a word stands for in a slot. */
function inSlot(language: Language, name: string, word: string): string | null {
  const { sets } = language;
  const is = (right: boolean) => (right ? word : null);
  switch (name) {
    case "n":
      if (/^[0-9]{1,4}$/.test(word) && Number(word) > 0) return word;
      break;
    case "hour": // on either clock, the clock with noon in its middle, or beyond that
    case "hour12":
    case "hour24": {
      const digit = sets.get("n")?.get(word) ?? word;
      if (!hourAlone.test(digit)) return null;
      const n = Number(digit);
      const clock12 = n >= 1 && n <= 12;
      return n <= 23 && (name === "hour" || clock12 === (name === "hour12")) ? String(n) : null;
    }
    case "clock": {
      const [, hour, minute = "00"] = fullClock.exec(word) ?? [];
      return hour && Number(hour) <= 23 && Number(minute) <= 59 ? `${hour}:${minute}` : null;
    }
    case "noon": {
      // 12 and 12:30
      if (inSlot(language, "hour12", word) === "12") return "12:00";
      const clock = inSlot(language, "clock", word);
      return clock?.startsWith("12:") ? clock : null;
    }
    case "hours": {
      // 14-16 and 14:30-16
      const [, first, last] = twoHours.exec(word) ?? [];
      return first && last ? `${onTheHour(first)}-${onTheHour(last)}` : null;
    }
    case "minute":
      return is(/^[0-5][0-9]$/.test(word));
    case "year":
      return is(/^20[0-9]{2}$/.test(word));
    case "dom":
      return is(hourAlone.test(word) && Number(word) >= 1 && Number(word) <= 31);
    case "doms": {
      // 5.-7.
      const [, first, last] = twoDays.exec(word) ?? [];
      return first && last ? `${first}-${last}` : null;
    }
    case "date": // 5.12. and 5/12
      return dotted.test(word) || slashed.test(word) ? word.replaceAll(".", "/") : null;
  }
  return sets.get(name)?.get(word) ?? null;
}
