import { memoize } from "../memoize";
import { onZoneChange } from "../time/device-zone";
import { locale } from "./locale";

/**
 * A function that returns what is made for the locale of the page, once for each locale. A format of dates has the zone in which it was
 * made: in another one it is made again.
 */
export function perLocale<T>(make: (locale: string) => T): () => T {
  let of = memoize(make);
  onZoneChange(() => {
    of = memoize(make);
  });
  return () => of(locale());
}

/** Sorts names as people do: without case, and 2 before 10. */
export const collator = perLocale((tag) => new Intl.Collator(tag, { numeric: true, sensitivity: "base" }));

const numbers = perLocale((tag) => new Intl.NumberFormat(tag));

export const formatNumber = (n: number): string => numbers().format(n);

const lists = perLocale((tag) => new Intl.ListFormat(tag));

/** Names as a list, such as “Monday, Tuesday, and Friday”. */
export const formatList = (names: readonly string[]): string => lists().format(names);
