import { language } from "@/lib/words/locale";
import { type Language, readLanguage, type VocabularyFile } from "./language";

/** The vocabularies beside English, each a chunk that is fetched when it is needed. */
const vocabularies: Record<string, () => Promise<{ default: VocabularyFile }>> = {
  de: () => import("./words.de.json"),
  es: () => import("./words.es.json"),
};

const loaded = new Map<string, Language>();

/** What is read beside English: the language of the page. Null if that is English, or not fetched. */
export const otherLanguage = (): Language | null => loaded.get(language()) ?? null;

/** Fetches the vocabulary of the page's language. Offline, English has to do. */
export async function loadOtherLanguage(): Promise<void> {
  const wanted = language();
  const load = vocabularies[wanted];
  if (!load || loaded.has(wanted)) return;
  try {
    loaded.set(wanted, readLanguage((await load()).default));
  } catch {
    // The next call tries again.
  }
}
