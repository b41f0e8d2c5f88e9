/** The keys that an input method uses, and that mean something else on the page. */
const keys = new Set(["Enter", "Escape", "Tab", ","]);

/** Safari ends a composition before the key that ended it; that key then has this code. */
const composed = 229;

/**
 * While the user composes a character with an input method, such as for Japanese or Chinese, Enter and Escape belong to the
 * input method. No field, form, dialog or shortcut may take them to save, cancel or close.
 */
export function guardComposition(): () => void {
  // The window gets keys before React and before Radix's listeners on the document.
  const guard = (event: KeyboardEvent) => {
    if (!event.isComposing && event.keyCode !== composed) return;
    event.stopImmediatePropagation();
    if (keys.has(event.key)) event.preventDefault();
  };
  window.addEventListener("keydown", guard, true);
  return () => window.removeEventListener("keydown", guard, true);
}
