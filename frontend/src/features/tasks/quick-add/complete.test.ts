import { expect, test } from "vitest";
import { completed, isSayable, suggestions, typedAt } from "./complete";

test.each([
  ["#", { kind: "project", prefix: "", from: 0, to: 1 }],
  ["buy milk #ho", { kind: "project", prefix: "ho", from: 9, to: 12 }],
  ["buy @Büro", { kind: "tag", prefix: "Büro", from: 4, to: 9 }],
  ["buy milk", null],
  ["mail ann@ex", null],
  ["#home ", null],
  ["C#", null],
  ["##", null],
])("a name is typed at the end of %j", (text, typed) => {
  expect(typedAt(text, text.length)).toEqual(typed);
});

test("a name is completed where the caret is, and not inside of a word", () => {
  expect(typedAt("buy #ho tomorrow", 7)).toMatchObject({ prefix: "ho" });
  expect(typedAt("buy #home", 7)).toBeNull();
});

test("suggested are names that begin so, then those with such a word, whatever the case and accents", () => {
  const names = ["Work", "Summer house", "Home", "Hobby", "Höhle", "ho"];
  expect(suggestions(names, "HO")).toEqual(["Home", "Hobby", "Höhle", "Summer house"]);
  expect(suggestions(names, "home")).toEqual([]);
  expect(suggestions(names, "x")).toEqual([]);
  expect(
    suggestions(
      Array.from({ length: 30 }, (_, i) => `p${i}`),
      "",
    ),
  ).toHaveLength(8);
});

test("the text gets the name, or is left without it", () => {
  const text = "buy #ho tomorrow";
  const typed = typedAt(text, 7)!;
  expect(completed(text, typed, "#Home")).toEqual({ text: "buy #Home tomorrow", caret: 10 });
  expect(completed(text, typed, "")).toEqual({ text: "buy tomorrow", caret: 4 });
});

test.each([
  ["Home", true],
  ["Büro/2026", true],
  ["Summer house", false],
  ["2026", false],
  ["(x)", false],
])("%s can be typed after a sign: %s", (name, sayable) => expect(isSayable(name)).toBe(sayable));
