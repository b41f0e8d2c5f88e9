import { Emitter } from "@/lib/store/emitter";

export interface KeyBinding {
  /** Such as `n`, `mod+k`, `alt+ArrowUp`, or two keys one after the other: `g t`. `mod` is ⌘ on a Mac, else Ctrl. */
  keys: string;
  /** What it does, for the list of keys; a binding without one is not listed. */
  label?: string;
  group?: string;
  /** Whether it also works while somebody types. */
  whileTyping?: boolean;
  /** Whether it is meant, where that depends on what has the focus. */
  when?: (target: EventTarget | null) => boolean;
  run: (event: KeyboardEvent) => void;
}

/** How long the second key of two may take. */
const patience = 900;

/** All keys that mean something at the moment. */
class KeyRegistry extends Emitter {
  #bindings: { current: readonly KeyBinding[] }[] = [];
  #first = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Another array after every registration, for React. */
  snapshot: readonly KeyBinding[] = [];

  getSnapshot = () => this.snapshot;

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
    this.snapshot = this.#bindings.flatMap((b) => b.current);
    this.emit();
  }

  #handle = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const pressed = nameOf(event);
    if (!pressed) return;
    const typing = isTyping(event.target);
    const sequence = this.#first && `${this.#first} ${pressed}`;
    // The latest registration counts: it belongs to what was opened last.
    const bindings = this.#bindings
      .flatMap((b) => b.current)
      .filter((b) => b.when?.(event.target) ?? true)
      .toReversed();
    const found =
      (sequence && !typing && bindings.find((b) => b.keys === sequence)) ||
      bindings.find((b) => b.keys === pressed && (!typing || b.whileTyping));
    const blocked = isCovered() && !found?.whileTyping;
    this.#expect(
      found || typing || blocked ? "" : bindings.some((b) => b.keys.startsWith(`${pressed} `)) ? pressed : "",
    );
    if (!found || blocked) return;
    event.preventDefault();
    found.run(event);
  };

  #expect(first: string) {
    clearTimeout(this.#timer);
    this.#first = first;
    if (first) this.#timer = setTimeout(() => (this.#first = ""), patience);
  }
}

export const keyRegistry = new KeyRegistry();

/** The name of what was pressed; null for a modifier alone. */
function nameOf(event: KeyboardEvent): string | null {
  if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return null;
  const named = event.key.length > 1;
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  // Of a character, such as `?`, the shift is a part already.
  if (event.shiftKey && (named || /[a-z]/i.test(event.key))) parts.push("shift");
  parts.push(event.key === " " ? "Space" : named ? event.key : event.key.toLowerCase());
  return parts.join("+");
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button])") !==
        null)
  );
}

/** Whether a dialog or a menu is over the page: its keys are its own. */
function isCovered(): boolean {
  return (
    document.querySelector(
      "[role=dialog][data-modal], [role=alertdialog], [role=menu], [role=listbox][data-open]",
    ) !== null
  );
}
