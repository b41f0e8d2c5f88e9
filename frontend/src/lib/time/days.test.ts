import { afterEach, expect, test, vi } from "vitest";
import { setLanguage } from "@/lib/words/locale";
import { formatTime } from "./days";

afterEach(() => {
  vi.unstubAllGlobals();
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
