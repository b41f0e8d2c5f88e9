import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = "messages";
const languages = readdirSync(root).filter((language) => language !== "en");
const parts = readdirSync(`${root}/en`).map((name) => name.replace(/\.json$/, ""));
const read = (language: string, part: string) =>
  JSON.parse(readFileSync(`${root}/${language}/${part}.json`, "utf8")) as Record<string, string>;

/** All of the source by file, without what is made from the messages and without the tests. */
const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/^messages\/|\.test\./.test(name))
  .map((name) => readFileSync(`src/${name}`, "utf8"));

/** The messages of a part that a source uses, by its import; everything if that is passed on. */
function usedIn(source: string, part: string): string[] {
  const used: string[] = [];
  for (const [, clause = ""] of source.matchAll(
    new RegExp(`import ([^;"]+?) from "@/messages/${part}"`, "g"),
  )) {
    const namespace = /\* as (\w+)/.exec(clause)?.[1];
    if (namespace) {
      used.push(...[...source.matchAll(new RegExp(`\\b${namespace}\\.(\\w+)`, "g"))].map(([, key]) => key!));
    } else {
      used.push(...[...clause.matchAll(/(\w+)(?: as \w+)?/g)].map(([, key]) => key!));
    }
  }
  return used;
}

test.each(parts)("every message of %s is used", (part) => {
  const used = new Set(sources.flatMap((source) => usedIn(source, part)));
  expect(Object.keys(read("en", part)).filter((key) => !used.has(key))).toEqual([]);
});

/** Words that are the same in two languages. */
const international = new Set([
  ...[
    "Administrator",
    "Board",
    "Code",
    "Color",
    "Consumer",
    "Ctrl",
    "Dead letters",
    "Details",
    "Export",
    "Filter",
    "General",
    "Layout",
  ],
  ...[
    "Link",
    "Live",
    "Name",
    "Navigation",
    "Offline",
    "Orange",
    "Passkeys",
    "Pipeline",
    "Rate",
    "Runbook",
    "Simple",
  ],
  ...["Topic", "Topics", "Trace", "Trace: {what}", "Trace <code>{id}</code>", "broker", "outbox"],
  ...["{time} in {place}", "p95 {p95} · p99 {p99}", "+ {count, plural, one {# token} other {# tokens}}"],
]);

/** A text without its arguments and signs: nothing is left of one that has no words. */
const wordsOf = (text: string) => text.replace(/<[^>]*>|\{\w+(?:, number)?\}/g, "").replace(/[^\p{L}]/gu, "");

test.each(languages.flatMap((language) => parts.map((part) => [part, language] as const)))(
  "%s is translated into %s",
  (part, language) => {
    const english = read("en", part);
    const same = Object.entries(read(language, part)).filter(
      ([key, text]) => text === english[key] && wordsOf(text) && !international.has(text),
    );
    expect(same).toEqual([]);
  },
);

/** Words for what has another name everywhere else in a language. */
const otherNames: [language: string, names: RegExp][] = [
  ["es", /claves? de acceso/i],
  ["es", /tareas? principal/i],
  ["de", /Zugriffstokens/],
  ["de", /Vorkommen|dieses Mal\b/i],
  ["es", /app de autenticaci/i],
];

test.each(otherNames)("%s has one name for a thing, and not %s", (language, names) => {
  const found = parts.flatMap((part) =>
    Object.values(read(language, part)).filter((text) => names.test(text)),
  );
  expect(found).toEqual([]);
});
