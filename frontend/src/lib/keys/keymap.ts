import { Emitter } from "@/lib/store/emitter";
import { type CommandId, defaultKeys } from "./commands";

export const lettersKey = "taskwire.letter-keys";
export const chosenKey = "taskwire.keys";

export interface Keys {
  /**
   * Whether keys that are a single character work. People who speak their input, or press keys by accident, turn them off
   * (WCAG 2.1.4).
   */
  letters: boolean;
  /** The keys that the user has chosen instead of a command's first one; empty for none. */
  chosen: Readonly<Partial<Record<CommandId, string>>>;
}

export const initialKeys: Keys = { letters: true, chosen: {} };

/** Which keys do what in this browser. */
class Keymap extends Emitter {
  #keys: Keys | null = null;

  get = (): Keys => (this.#keys ??= read());

  /** Shows a change, which `saveKeys` has stored. */
  set(keys: Keys) {
    this.#keys = keys;
    this.emit();
  }

  /** The keys that run a command now, the changeable one first. */
  of = (command: CommandId): readonly string[] => activeKeys(this.get(), command);
}

export const keymap = new Keymap();

/** The keys of a command, whether or not characters are turned off. */
export function assignedKeys({ chosen }: Keys, command: CommandId): readonly string[] {
  const own = chosen[command];
  if (own === undefined) return defaultKeys[command];
  return [own, ...defaultKeys[command].slice(1)].filter(Boolean);
}

export const activeKeys = (keys: Keys, command: CommandId): readonly string[] =>
  assignedKeys(keys, command).filter((key) => keys.letters || !isLetter(key));

/** Whether keys contain a character without Ctrl, ⌘ or Alt. */
export const isLetter = (keys: string): boolean =>
  keys.split(" ").some((pressed) => pressed.replace("shift+", "").length === 1);

function read(): Keys {
  try {
    const chosen: unknown = JSON.parse(localStorage.getItem(chosenKey) ?? "{}");
    return {
      letters: localStorage.getItem(lettersKey) !== "off",
      chosen: Object.fromEntries(
        Object.entries(chosen ?? {}).filter(([id, keys]) => id in defaultKeys && typeof keys === "string"),
      ),
    };
  } catch {
    return initialKeys; // the browser has no storage
  }
}
