import * as words from "@/messages/keys";
import { isMac } from "./pressed";

type Names = Readonly<Record<string, string | (() => string)>>;

const altKey = "Alt";

const both: Names = { Escape: "Esc", Delete: words.deleteKey, Home: words.home, End: words.end, alt: altKey };

const names: Names = {
  ...both,
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Enter: "↵",
  Backspace: "⌫",
  shift: "⇧",
};

const spoken: Names = {
  ...both,
  ArrowUp: words.up,
  ArrowDown: words.down,
  ArrowLeft: words.left,
  ArrowRight: words.right,
  shift: words.shift,
};

const standard: Names = { alt: altKey, shift: "Shift" };

function nameIn(table: Names, key: string): string {
  if (key === "mod") return isMac() ? "⌘" : words.control();
  const name = table[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return typeof name === "string" ? name : name();
}

/** The parts of keys as they are printed on a keyboard: `mod+k` is Ctrl and K. */
export const keyParts = (keys: string): string[] => keys.split(/[+ ](?=.)/).map((key) => nameIn(names, key));

/** Keys as a text, such as “Shift+D” or “G then T”. */
export function keysInWords(keys: string): string {
  const [first = "", second] = keys.split(" ").map((pressed) =>
    pressed
      .split(/\+(?=.)/)
      .map((key) => nameIn(spoken, key))
      .join("+"),
  );
  return second === undefined ? first : words.sequence({ first, second });
}

/** Keys as the attribute `aria-keyshortcuts` has them, in any language; undefined for a sequence. */
export const ariaKeys = (keys: string): string | undefined =>
  keys.includes(" ")
    ? undefined
    : keys
        .split(/\+(?=.)/)
        .map((key) => (key === "mod" ? (isMac() ? "Meta" : "Control") : nameIn(standard, key)))
        .join("+");
