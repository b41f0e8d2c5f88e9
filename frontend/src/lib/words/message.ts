import type { CompiledMessage } from "icu-minify/format";
import format from "icu-minify/format";
import { locale } from "./locale";

type Value = string | number | Date;

let catalogue: readonly CompiledMessage[] | null = null;

/** Makes all messages answer from a catalogue of src/messages; with null, in English. */
export function setCatalogue(messages: readonly CompiledMessage[] | null) {
  catalogue = messages;
}

const cached = <A extends unknown[], T>(make: (...args: A) => T) => {
  const made = new Map<string, T>();
  return (...args: A): T => {
    const key = JSON.stringify(args);
    let found = made.get(key);
    if (!found) made.set(key, (found = make(...args)));
    return found;
  };
};

const options = {
  formatters: {
    getDateTimeFormat: cached(
      (...args: ConstructorParameters<typeof Intl.DateTimeFormat>) => new Intl.DateTimeFormat(...args),
    ),
    getNumberFormat: cached(
      (...args: ConstructorParameters<typeof Intl.NumberFormat>) => new Intl.NumberFormat(...args),
    ),
    getPluralRules: cached(
      (...args: ConstructorParameters<typeof Intl.PluralRules>) => new Intl.PluralRules(...args),
    ),
  },
  formats: {
    date: { short: { dateStyle: "short" }, medium: { dateStyle: "medium" }, long: { dateStyle: "long" } },
    time: { short: { timeStyle: "short" } },
  },
} as const;

/** A message in the language of the page, as parts: strings, and what the handlers of tags return. */
export const parts = (id: number, english: CompiledMessage, values?: object) =>
  format(catalogue?.[id] ?? english, locale(), values as Record<string, Value>, options as never);

/** A function that says one message. Call it while rendering, not while a module loads: the language comes later. */
export function message<V extends Record<string, Value> | void = void>(id: number, english: CompiledMessage) {
  return (values: V): string => parts(id, english, values as object) as string;
}
