import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "./parse";
import { languageFor } from "./testing";

const words: Record<string, string> = {
  en: "call Bob tomorrow every monday at 5pm on the 15th until in 2 weeks",
  de:
    "Brot kaufen morgen früh Morgen um 17 9 Uhr am 5. Dezember Freitag jeden jeden! zweiten Montag alle 2 Wochen " +
    "bis zum 15. und im Monat übermorgen in einer ab 5.12. halb sieben Freitagabend",
  es:
    "comprar pan mañana por la a las 17 9 de tarde el 5 diciembre viernes cada cada! dos lunes semanas hasta todos " +
    "los y mes pasado en una hora 5/12 fin último media",
};

/** The words of a text without punctuation, and without signs that only join. */
const plain = (text: string) =>
  text
    .split(/\s+/)
    .map((word) => word.replace(/[.,;:!?…]+$/, ""))
    .filter((word) => word && word !== "-");

test.each(["en-GB", "de-DE", "es-ES"])("nothing that was typed is lost: %s", (locale) => {
  const known = words[locale.slice(0, 2)]!.split(" ");
  const word = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...known) },
    fc.constantFrom("-", "#home", "@x", "p1", "🎉", "é"),
  );
  const ending = fc.constantFrom("", "", "", "", ",", ":", ".");
  const text = fc
    .array(fc.tuple(word, ending), { minLength: 1, maxLength: 12 })
    .map((some) => some.map(([said, trail]) => said + trail).join(" "));
  const options = { now: new Date("2026-11-25T09:00:00Z"), zone: "Europe/Berlin", weekStart: 0, locale };
  fc.assert(
    fc.property(text, (typed) => {
      const { title, parts } = parse(typed, { ...options, language: languageFor(locale) });
      let rest = "";
      let at = 0;
      for (const { from, to } of parts) {
        expect(from).toBeGreaterThanOrEqual(at);
        expect(to).toBeGreaterThan(from);
        rest += `${typed.slice(at, from)} `;
        at = to;
      }
      expect(plain(title)).toEqual(plain(rest + typed.slice(at)));
    }),
    { numRuns: 2000 },
  );
});
