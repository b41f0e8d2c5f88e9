import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { languageStore } from "@/lib/words/language";
import type { Notification } from "./notification";
import { knownTexts, said } from "./said";

afterEach(() => languageStore.choose("en"));

const read = (path: string) => readFileSync(`../shared/${path}`, "utf8");
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!);

test("all texts of the server are known, and no others", () => {
  const server = [
    ...matches(read("notice/texts.go"), / = define\("([a-z-]+)",/gm),
    ...matches(read("notification/content.go"), /^\tText\w+ += "([a-z-]+)"/gm),
  ];
  expect(server.length).toBeGreaterThan(30);
  expect(knownTexts.toSorted()).toEqual(server.toSorted());
});

const make = (text: string, args: Record<string, string>): Notification => ({
  ...{ id: "a", kind: "upcoming", title: "Brot kaufen", body: "in English", created_at: "", read_at: null },
  content: { text, args },
});

test("a notification is in the language of the page", async () => {
  await languageStore.choose("de");
  const zone = { timezone: "Europe/Berlin" };
  expect(said(make("was-due", { due_at: "2026-12-04T16:00:00Z", ...zone }))).toEqual({
    title: "Brot kaufen",
    body: "War fällig Fr., 4. Dez. 2026, 17:00",
  });
  expect(said(make("due", { due_date: "2026-12-04" })).body).toBe("Fällig Fr., 4. Dez. 2026");
  expect(said(make("digest", { overdue: "2", upcoming: "1", titles: "A, B, C", more: "0" }))).toEqual({
    title: "2 Aufgaben sind überfällig, 1 ist bald fällig",
    body: "A, B, C",
  });
  expect(said(make("new-sign-in", { device: "", network: "private" })).body).toMatch(
    /^Jemand hat sich mit einem unbekannten Gerät angemeldet, aus einem privaten Netz\. /,
  );
  expect(said(make("deletion-requested", { day: "2026-12-04" })).body).toMatch(
    /^Es wird am 4\. Dezember 2026 /,
  );
  expect(said(make("deletion-by-operator", { day: "2026-12-04" })).body).toMatch(
    /^Der Betreiber dieses Servers löscht es am 4\. Dezember 2026 /,
  );
});

test("without a known text it is what the server wrote", async () => {
  await languageStore.choose("de");
  const own = { title: "Brot kaufen", body: "in English" };
  expect(said(make("something-new", {}))).toEqual(own);
  expect(said(make("constructor", {}))).toEqual(own);
  expect(said(make("deletion-by-operator", {}))).toEqual(own); // by a server that did not say the day
  expect(said({ ...make("due", {}), content: undefined } as Notification)).toEqual(own);
});
