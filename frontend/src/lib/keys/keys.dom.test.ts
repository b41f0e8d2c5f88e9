import { fireEvent } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { commandInfo } from "./command-info";
import { commandIds, defaultKeys } from "./commands";
import { keysInWords } from "./key-names";
import { isLetter, keymap } from "./keymap";
import { nameOf } from "./pressed";
import { problemOf, rebind, record, resetKeys, saveKeys } from "./rebind";
import { keyRegistry } from "./registry";

afterEach(() => saveKeys({ letters: true, chosen: {} }));

test("no two commands have the same key, and none hides a sequence", () => {
  const none = { letters: true, chosen: {} };
  for (const id of commandIds) {
    if (commandInfo[id].fixed) continue;
    expect([id, problemOf(none, id, defaultKeys[id][0])]).toEqual([id, null]);
  }
});

test("a key is changed, turned off and reset, and other commands keep theirs", () => {
  const run = { undo: vi.fn(), complete: vi.fn() };
  const off = keyRegistry.register({
    current: [
      { command: "undo", run: run.undo },
      { command: "complete", run: run.complete },
    ],
  });
  const press = (key: string, more = {}) => fireEvent.keyDown(document.body, { key, ...more });
  expect(problemOf(keymap.get(), "complete", "z")).toBe("“Undo” has this key.");
  expect(problemOf(keymap.get(), "complete", "g")).toMatch(/begin/);
  expect(problemOf(keymap.get(), "complete", "mod+w")).toBe("The browser needs this key.");
  rebind("complete", "w");
  rebind("undo", "");
  for (const key of ["c", "z"]) press(key);
  expect(run.complete).not.toHaveBeenCalled();
  expect(run.undo).not.toHaveBeenCalled();
  press("w");
  press("z", { ctrlKey: true });
  expect(run.complete).toHaveBeenCalledOnce();
  expect(run.undo).toHaveBeenCalledOnce();
  // A key that has become free can be given to another command, also in the next session.
  expect(problemOf(keymap.get(), "complete", "z")).toBeNull();
  expect(JSON.parse(localStorage.getItem("taskwire.keys")!)).toEqual({ complete: "w", undo: "" });
  saveKeys({ letters: false });
  press("w");
  expect(run.complete).toHaveBeenCalledOnce();
  saveKeys({ letters: true });
  resetKeys();
  press("c");
  expect(run.complete).toHaveBeenCalledTimes(2);
  expect(localStorage.getItem("taskwire.keys")).toBeNull();
  off();
});

test("a sequence is recorded and runs", () => {
  expect(record(record("", "h"), "m")).toBe("h m");
  expect(record("h m", "d")).toBe("d");
  expect(record("h", "mod+m")).toBe("mod+m");
  expect(isLetter("shift+h")).toBe(true);
  expect(keysInWords("mod+shift+d")).toBe("Ctrl+Shift+D");
  const run = vi.fn();
  const off = keyRegistry.register({ current: [{ command: "tag", run }] });
  rebind("tag", "h m");
  for (const key of ["h", "m"]) fireEvent.keyDown(document.body, { key });
  expect(run).toHaveBeenCalledOnce();
  off();
});

test.each([
  ["Cyrillic", { key: "л", code: "KeyK", ctrlKey: true }, "mod+k"],
  ["Cyrillic with Shift", { key: "З", code: "KeyP", shiftKey: true }, "shift+p"],
  ["Greek", { key: "ψ", code: "KeyC" }, "c"],
  ["Hebrew", { key: "ב", code: "KeyC" }, "c"],
  ["an Arabic ligature", { key: "لا", code: "KeyB" }, "b"],
  ["an Arabic digit", { key: "١", code: "Digit1" }, "1"],
  ["Dvorak", { key: "j", code: "KeyC" }, "j"],
  ["AZERTY", { key: "é", code: "Digit2" }, "é"],
  ["a sign", { key: "µ", code: "KeyM" }, "µ"],
  ["no place on QWERTY", { key: "ж", code: "Semicolon" }, "ж"],
])("a key has the name of its letter, in other scripts of its place: %s", (_, init, name) => {
  expect(nameOf(new KeyboardEvent("keydown", init))).toBe(name);
});

test("a shortcut runs on a layout without Latin letters", () => {
  const run = vi.fn();
  const off = keyRegistry.register({ current: [{ command: "find", whileTyping: true, run }] });
  fireEvent.keyDown(document.body, { key: "л", code: "KeyK", ctrlKey: true });
  expect(run).toHaveBeenCalledOnce();
  off();
});
