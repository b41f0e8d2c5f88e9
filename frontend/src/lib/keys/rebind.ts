import * as words from "@/messages/rebind";
import { commandInfo } from "./command-info";
import { type CommandId, commandIds, defaultKeys } from "./commands";
import { assignedKeys, chosenKey, type Keys, keymap, lettersKey } from "./keymap";

/** A sequence has at most two keys. */
const longest = 2;

/** Browsers keep these, or people expect them to: no page may have them. */
const reserved = new Set([
  ...["mod+n", "mod+t", "mod+w", "mod+shift+n", "mod+shift+t", "mod+shift+w", "mod+q", "mod+l", "mod+r"],
  ...["mod+c", "mod+v", "mod+x", "mod+p", "mod+f", "mod+s", "mod++", "mod+-", "mod+0", "F5", "F11", "F12"],
  ...[
    "alt+F4",
    "alt+ArrowLeft",
    "alt+ArrowRight",
    "Tab",
    "shift+Tab",
    "Enter",
    "Space",
    "Escape",
    "Backspace",
  ],
]);

/** Adds a pressed key to those recorded so far: two keys without Ctrl or Alt are a sequence, such as G then T. */
export function record(keys: string, pressed: string): string {
  const recorded = keys ? keys.split(" ") : [];
  const plain = [...recorded, pressed].every((key) => !/^(mod|alt)\+/.test(key) && key.length === 1);
  return plain && recorded.length < longest ? [...recorded, pressed].join(" ") : pressed;
}

/** Why a command cannot have these keys; null if it can. */
export function problemOf(keys: Keys, command: CommandId, chosen: string): string | null {
  if (reserved.has(chosen)) return words.reserved();
  for (const other of commandIds) {
    const theirs = assignedKeys(keys, other);
    const own = other === command ? theirs.slice(1) : theirs;
    const clash = own.find((key) => overlap(key, chosen));
    if (clash === undefined) continue;
    const name = { command: commandInfo[other].name() };
    return clash === chosen ? words.taken(name) : words.overlaps(name);
  }
  return null;
}

/** Whether one of two keys is the beginning of the other: the longer one could never be pressed. */
const overlap = (a: string, b: string) => a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);

/** Changes which keys do what in this browser. */
export function saveKeys(change: Partial<Keys>): void {
  const { letters, chosen } = { ...keymap.get(), ...change };
  keymap.set({ letters, chosen });
  try {
    if (letters) localStorage.removeItem(lettersKey);
    else localStorage.setItem(lettersKey, "off");
    if (Object.keys(chosen).length === 0) localStorage.removeItem(chosenKey);
    else localStorage.setItem(chosenKey, JSON.stringify(chosen));
  } catch {
    // It holds until the page is closed.
  }
}

/** Gives a command another key; empty for none. */
export function rebind(command: CommandId, keys: string): void {
  const { [command]: _, ...others } = keymap.get().chosen;
  saveKeys({ chosen: keys === defaultKeys[command][0] ? others : { ...others, [command]: keys } });
}

export const resetKeys = () => saveKeys({ chosen: {} });
