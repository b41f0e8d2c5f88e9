import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { languageFor } from "./testing";
import { type Parsed, parse } from "./parse";

interface Phrase {
  text: string;
  now: string;
  timezone: string;
  week_start: number;
  locale: string;
  due_at: string;
  result: {
    Title: string;
    DueDate: string;
    RRule: string;
    Mode: string;
    Priority: string;
    Project: string;
    Section: string;
    Tags: string[] | null;
    Parts: Parsed["parts"] | null;
  };
}

test("random phrases mean the same to the server's grammar", { timeout: 300_000 }, () => {
  const cwd = "../functions/tasks";
  const command = ["run", "./internal/quickadd/phrases", "-n", "4000"];
  const json = execFileSync("go", command, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
  const phrases = JSON.parse(json) as Phrase[];
  expect(phrases).toHaveLength(4000);
  for (const { text, now, timezone, week_start, locale, due_at, result } of phrases) {
    const got = parse(text, {
      now: new Date(now),
      zone: timezone,
      weekStart: week_start,
      locale,
      language: languageFor(locale),
    });
    expect(
      { text, ...got, dueAt: got.dueAt?.toISOString() },
      `${text} · ${now} ${timezone} ${locale}`,
    ).toEqual({
      text,
      title: result.Title,
      dueDate: result.DueDate || undefined,
      dueAt: due_at ? new Date(due_at).toISOString() : undefined,
      rrule: result.RRule || undefined,
      mode: result.Mode || undefined,
      priority: result.Priority || undefined,
      project: result.Project || undefined,
      section: result.Section || undefined,
      tags: result.Tags ?? [],
      parts: result.Parts ?? [],
    });
  }
});
