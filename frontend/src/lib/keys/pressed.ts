/** What a key event needs to be named. */
type Pressed = Pick<
  KeyboardEvent,
  "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState"
>;

/** The name of the pressed key, such as `n`, `mod+k` or `alt+ArrowUp`; null for a modifier alone. `mod` is ⌘ or Ctrl. */
export function nameOf(event: Pressed): string | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (["Shift", "Control", "Alt", "AltGraph", "Meta", "Dead", "Unidentified"].includes(key)) return null;
  const named = key.length > 1;
  const parts: string[] = [];
  // Windows reports AltGr, which German keyboards need for [ and ], as Ctrl and Alt.
  const typed = event.getModifierState("AltGraph");
  if (!typed && (ctrlKey || metaKey)) parts.push("mod");
  if (!typed && altKey) parts.push("alt");
  // A character such as `?` already includes the shift key.
  if (shiftKey && (named || /[a-z]/i.test(key))) parts.push("shift");
  parts.push(key === " " ? "Space" : named ? key : key.toLowerCase());
  return parts.join("+");
}

/** Whether a key presses the button that has the focus. */
export function isPress({ key, target }: KeyboardEvent): boolean {
  return (
    (key === "Enter" || key === " ") && target instanceof Element && target.closest("button, a") !== null
  );
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button])") !==
        null)
  );
}
