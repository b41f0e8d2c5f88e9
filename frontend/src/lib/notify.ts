import type { toast as Toast } from "sonner";
import { painted } from "./painted";

let showToaster = () => {};
const toaster = new Promise<void>((resolve) => (showToaster = resolve));

/** Called once the toaster is on the page: it does not show what came before. */
export const toasterReady = () => showToaster();

/**
 * Shows a toast, after the frame that shows what it is about. Its library is not needed for the first render, so it is a
 * chunk that is loaded afterwards.
 */
export async function notify(show: (toast: typeof Toast) => void): Promise<void> {
  const [{ toast }] = await Promise.all([import("sonner"), toaster, painted()]);
  show(toast);
}
