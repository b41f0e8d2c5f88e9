/** What a key event needs to be named. */
type Pressed = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState"
>;

export const isMac = () => /mac|iphone|ipad/i.test(navigator.userAgent);

/** Whether a key writes its character in a field, also with AltGr, which Windows reports as Ctrl and Alt, or with Option on a Mac. */
export function isWritten(event: Pressed): boolean {
  const { key, ctrlKey, metaKey, altKey } = event;
  if ([...key].length !== 1) return false;
  return event.getModifierState("AltGraph") || !(ctrlKey || metaKey || (altKey && !isMac()));
}

/** The name of the pressed key, such as `n`, `mod+k` or `alt+ArrowUp`; null for a modifier alone. `mod` is ⌘ or Ctrl. */
export function nameOf(event: Pressed): string | null {
  const { ctrlKey, metaKey, altKey, shiftKey } = event;
  const key = latinOf(event);
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

/** A letter or digit of another script than the Latin one, such as `л`; ligatures of Arabic layouts are several. */
const foreign = /^(?:(?!\p{ASCII})\p{Nd}|(?![\p{Script=Latin}\p{Script=Common}])\p{L})+$/u;

/**
 * The key, or what a QWERTY keyboard has in its place if the layout has no Latin letters: ⌘K is there with every layout. Not of
 * other keys: where `k` is depends on the layout.
 */
function latinOf({ key, code }: Pressed): string {
  return (foreign.test(key) && /^(?:Key|Digit)(.)$/.exec(code)?.[1]?.toLowerCase()) || key;
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
