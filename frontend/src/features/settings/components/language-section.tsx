"use client";

import { useEffect, useSyncExternalStore } from "react";
import { Select } from "@/components/ui/select";
import { languageStore } from "@/lib/words/language";
import { isLanguage, language, languages } from "@/lib/words/locale";
import * as words from "@/messages/settings";
import { usePutPreferences } from "../api/put-preferences";
import { Section, SettingRow } from "./section";

/** Whether the language was chosen here, and the page may be rendered anew in another one. */
let choosing = false;

export function LanguageSection() {
  const chosen = useSyncExternalStore(languageStore.subscribe, languageStore.chosen, () => null);
  const save = usePutPreferences();
  useEffect(() => {
    if (choosing) document.getElementById("language")?.focus();
    choosing = false;
  }, []);
  function choose(value: string) {
    const before = language();
    choosing = true;
    void languageStore.choose(isLanguage(value) ? value : null).then((shown) => {
      if (!shown) return;
      if (language() === before) choosing = false;
      // Mail is in the language that was shown last.
      save.mutate({ language: language() });
    });
  }
  return (
    <Section title={words.language()} text={words.onThisBrowser()}>
      <SettingRow id="language" label={words.language()} hint={words.languageHint()}>
        <Select
          id="language"
          aria-describedby="language-hint"
          className="w-full sm:w-64"
          value={chosen ?? ""}
          onChange={({ target: { value } }) => choose(value)}
        >
          <option value="">{words.languageOfBrowser()}</option>
          {Object.entries(languages).map(([tag, { name }]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </Select>
      </SettingRow>
    </Section>
  );
}
