import { Emitter } from "@/lib/store/emitter";

export interface KeyBinding {
  /** Such as `n`, `mod+k`, `alt+ArrowUp`, or a sequence of two keys: `g t`. `mod` is ⌘ on a Mac, otherwise Ctrl. */
  keys: string;
  /** Its description in the list of shortcuts; a binding without one is not listed. */
  label?: string;
  group?: string;
  /** Whether it also works while the user types. */
  whileTyping?: boolean;
  /** Whether it applies, if that depends on the focus. */
  when?: (target: EventTarget | null) => boolean;
  run: (event: KeyboardEvent) => void;
}

/** The maximum delay before the second key of a sequence. */
const sequenceTimeout = 900;

/** All active key bindings. */
class KeyRegistry extends Emitter {
  #bindings: { current: readonly KeyBinding[] }[] = [];
  #first = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** A new array after every registration, for React. */
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
    // The latest registration wins: it belongs to what was opened last.
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
    if (first) this.#timer = setTimeout(() => (this.#first = ""), sequenceTimeout);
  }
}

export const keyRegistry = new KeyRegistry();

/** The name of the pressed key; null for a modifier alone. */
function nameOf(event: KeyboardEvent): string | null {
  if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return null;
  const named = event.key.length > 1;
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  // A character such as `?` already includes the shift key.
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

/** Whether a dialog or a menu is open: it handles its own keys. */
function isCovered(): boolean {
  return (
    document.querySelector(
      "[role=dialog][data-modal], [role=alertdialog], [role=menu], [role=listbox][data-open]",
    ) !== null
  );
}
