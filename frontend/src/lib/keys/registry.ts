import { Emitter } from "@/lib/store/emitter";
import type { CommandId } from "./commands";
import { keymap } from "./keymap";
import { isPress, isTyping, nameOf } from "./pressed";

/** What a command does on the current page. */
export interface KeyBinding {
  command: CommandId;
  /** Whether it also works while the user types. */
  whileTyping?: boolean;
  /** Whether it runs again and again while the key is held. Only for what does no harm, such as moving the focus. */
  repeats?: boolean;
  /** Whether it applies, if that depends on the focus. */
  when?: (target: EventTarget | null) => boolean;
  /** Whether there is something to run it on; asked when a key is pressed or a menu opens. */
  applies?: () => boolean;
  /** The ids of the tasks that it acts on. */
  tasks?: readonly string[];
  run: () => void;
}

/** The maximum delay before the second key of a sequence. */
const sequenceTimeout = 900;

/** All active key bindings. */
class KeyRegistry extends Emitter {
  #bindings: { current: readonly KeyBinding[] }[] = [];
  #first = "";
  #firstAt = 0;
  #commands: readonly CommandId[] = [];

  /** The commands of the current page; a new array after every registration, for React. */
  commands = () => this.#commands;

  register(bindings: { current: readonly KeyBinding[] }): () => void {
    if (this.#bindings.length === 0) document.addEventListener("keydown", this.#handle);
    this.#bindings.push(bindings);
    this.#changed();
    return () => {
      this.#bindings = this.#bindings.filter((other) => other !== bindings);
      if (this.#bindings.length === 0) document.removeEventListener("keydown", this.#handle);
      this.#changed();
    };
  }

  #changed() {
    this.#commands = [...new Set(this.#bindings.flatMap((b) => b.current.map(({ command }) => command)))];
    this.emit();
  }

  /** What applies while an element has the focus. The latest registration comes first: it belongs to what was opened last. */
  at(target: EventTarget | null): KeyBinding[] {
    return this.#bindings
      .flatMap((b) => b.current)
      .filter((b) => (b.applies?.() ?? true) && (b.when?.(target) ?? true))
      .toReversed();
  }

  #handle = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    // A key that is held presses a button only once.
    if (event.repeat && isPress(event)) event.preventDefault();
    const pressed = nameOf(event);
    if (!pressed) return;
    const typing = isTyping(event.target);
    // By when they were pressed: a page that is busy handles both late.
    const inTime = event.timeStamp - this.#firstAt < sequenceTimeout;
    const sequence = this.#first && inTime && `${this.#first} ${pressed}`;
    const bindings = this.at(event.target).map((b) => ({ ...b, keys: keymap.of(b.command) }));
    const found =
      (sequence && !typing && bindings.find((b) => b.keys.includes(sequence))) ||
      bindings.find((b) => b.keys.includes(pressed) && (!typing || b.whileTyping));
    const blocked = isCovered() && !found?.whileTyping;
    const begins = bindings.some((b) => b.keys.some((keys) => keys.startsWith(`${pressed} `)));
    this.#first = !found && !typing && !blocked && begins ? pressed : "";
    this.#firstAt = event.timeStamp;
    if (!found || blocked) return;
    event.preventDefault();
    if (!event.repeat || found.repeats) found.run();
  };
}

export const keyRegistry = new KeyRegistry();

/** Whether a dialog or a menu is open: it handles its own keys. */
function isCovered(): boolean {
  return (
    document.querySelector(
      "[data-opening], [role=dialog][data-modal], [role=alertdialog], [role=menu], [role=listbox][data-open]",
    ) !== null
  );
}
