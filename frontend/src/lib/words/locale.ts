/** The languages of the dashboard, with their own names. English is part of the code, the others are fetched. */
export const languages = {
  en: { name: "English", dir: "ltr" },
  de: { name: "Deutsch", dir: "ltr" },
  es: { name: "Español", dir: "ltr" },
} as const;
export type Language = keyof typeof languages;

export const isLanguage = (tag: string): tag is Language => Object.hasOwn(languages, tag);
const languageOf = (tag: string) => tag.split("-")[0]!.toLowerCase();

let shown: Language = "en";

/** The language that the page is in. It begins in English, as the exported pages do. */
export const language = (): Language => shown;

export function setLanguage(next: Language) {
  shown = next;
  chosen = null;
}

/** The browser's languages; none while the build renders the pages. */
const tags = () => (typeof navigator === "undefined" ? [] : navigator.languages);

/** The first of the browser's languages that the dashboard speaks. */
export const browserLanguage = (): Language => tags().map(languageOf).find(isLanguage) ?? "en";

let chosen: string | null = null;

/** The locale for dates, numbers and sorting: the browser's own where it is of the page's language. */
export const locale = (): string => (chosen ??= tags().find((tag) => languageOf(tag) === shown) ?? shown);

if (typeof window !== "undefined") window.addEventListener("languagechange", () => (chosen = null));
