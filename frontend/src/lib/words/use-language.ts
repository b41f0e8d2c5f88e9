import { useSyncExternalStore } from "react";
import { languageStore } from "./language";
import { type Language, language } from "./locale";

/** The language that the page is in. */
export const useLanguage = (): Language =>
  useSyncExternalStore(languageStore.subscribe, language, () => "en");
