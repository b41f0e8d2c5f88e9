import { type Language, readLanguage } from "./language";
import german from "./words.de.json";
import spanish from "./words.es.json";

const languages: Record<string, Language> = { de: readLanguage(german), es: readLanguage(spanish) };

/** What the grammar reads beside English in a locale. */
export const languageFor = (locale: string): Language | null => languages[locale.split("-")[0]!] ?? null;
