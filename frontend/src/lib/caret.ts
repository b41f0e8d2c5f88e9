import { flushSync } from "react-dom";

/**
 * Changes the text of an input and puts the caret at a place in it. Both at once: a caret that is put there in the next frame
 * jumps back when the user types on before that.
 */
export function changeText(input: HTMLInputElement | null, change: () => void, caret: number): void {
  flushSync(change);
  input?.setSelectionRange(caret, caret);
}
