import { continueTask } from "./requests";

const names = ["share_title", "share_text", "share_url"] as const;

/** Offers as a new task what another app shares with the installed one. Nothing is saved before the user says so. */
export function takeShared(): void {
  const text = sharedText(new URLSearchParams(location.search));
  if (!text) return;
  const url = new URL(location.href);
  for (const name of names) url.searchParams.delete(name);
  history.replaceState(null, "", url);
  continueTask(text);
}

/** One line of what was shared. Many apps share an address within the text, or the same text as the title. */
export function sharedText(params: URLSearchParams): string {
  const parts: string[] = [];
  for (const name of names) {
    const part = (params.get(name) ?? "").replace(/\s+/g, " ").trim();
    if (!part || parts.some((other) => other.includes(part))) continue;
    const shorter = parts.findIndex((other) => part.includes(other));
    if (shorter >= 0) parts[shorter] = part;
    else parts.push(part);
  }
  return parts.join(" ");
}
