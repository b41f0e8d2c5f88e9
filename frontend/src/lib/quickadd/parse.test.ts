import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { wallTime } from "@/lib/time/zone";
import { type Options, parse } from "./parse";
import { languageFor } from "./testing";

const shared = "../functions/tasks/internal/quickadd/testdata";

interface Case {
  text: string;
  locale?: string;
  now?: string;
  week_start?: string;
  why?: string;
  [field: string]: unknown;
}

/** What a text means, as the cases write it. */
function answer(text: string, options: Options): Record<string, unknown> {
  const { dueDate, dueAt, tags, parts: _, ...rest } = parse(text, options);
  return {
    ...rest,
    ...(dueDate ? { due_date: dueDate } : {}),
    ...(dueAt ? { due_at: wallTime(dueAt, options.zone).toISOString().slice(0, 16) } : {}),
    ...(tags.length ? { tags: tags.toSorted() } : {}),
  };
}

// The same files are tested with functions/tasks/internal/quickadd.
describe.each(["cases", "more-cases", "de", "es"])("%s.json", (name) => {
  const file = JSON.parse(readFileSync(`${shared}/${name}.json`, "utf8")) as {
    now: string;
    timezone: string;
    locale?: string;
    cases: Case[];
  };
  let passed = 0;
  test.each(file.cases)(
    "$text",
    ({ text, locale = file.locale ?? "en-GB", now, week_start, why: _, ...want }) => {
      if (Array.isArray(want.tags)) want.tags = want.tags.toSorted();
      const weekStart = { saturday: 5, sunday: 6 }[week_start ?? ""] ?? 0;
      const options = {
        now: new Date(now ?? file.now),
        zone: file.timezone,
        weekStart,
        locale,
        language: languageFor(locale),
      };
      expect(answer(text, options)).toEqual(want);
      passed++;
    },
  );
  afterAll(() => console.log(`${name}.json: ${passed} of ${file.cases.length} phrases`));
});
