import { afterEach, expect, test, vi } from "vitest";
import { setLanguage } from "@/lib/words/locale";
import { daysBetween, formatTime, startOfDay } from "./days";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  setLanguage("en");
});

test.each([
  ["en", "en-US", "9:05 AM", "9:05 PM"],
  ["en", "en-GB", "09:05", "21:05"],
  ["de", "de-AT", "09:05", "21:05"],
  ["es", "es-ES", "09:05", "21:05"],
] as const)("in %s, a browser for %s writes times as its users do", (language, tag, morning, evening) => {
  vi.stubGlobal("navigator", { languages: [tag] });
  setLanguage(language);
  const written = (hour: number) => formatTime(new Date(2026, 10, 30, hour, 5)).replace(/\s/, " ");
  expect([written(9), written(21)]).toEqual([morning, evening]);
});

test.each([
  ["Africa/Cairo", 2026, 3, 24],
  ["America/Santiago", 2026, 8, 6],
] as const)(
  "in %s, a day without a midnight begins at one, and the next at midnight",
  (zone, year, month, day) => {
    vi.stubEnv("TZ", zone);
    const noon = new Date(year, month, day, 12);
    expect(startOfDay(noon)).toEqual(new Date(year, month, day, 1));
    expect(startOfDay(noon, 1)).toEqual(new Date(year, month, day + 1));
    expect(startOfDay(noon, 7)).toEqual(new Date(year, month, day + 7));
    expect(startOfDay(noon, -1)).toEqual(new Date(year, month, day - 1));
    const before = new Date(year, month, day - 1, 0, 30);
    expect(startOfDay(before, 1)).toEqual(startOfDay(noon));
    expect([daysBetween(before, noon), daysBetween(noon, new Date(year, month, day + 1))]).toEqual([1, 1]);
  },
);
