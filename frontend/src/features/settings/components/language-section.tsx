"use client";

import { useSyncExternalStore } from "react";
import { Select } from "@/components/ui/select";
import { followFocus } from "@/lib/follow-focus";
import { languageStore } from "@/lib/words/language";
import { isLanguage, language, languages } from "@/lib/words/locale";
import * as words from "@/messages/settings";
import { usePutPreferences } from "../api/put-preferences";
import { Section, SettingRow } from "./section";

export function LanguageSection() {
  const chosen = useSyncExternalStore(languageStore.subscribe, languageStore.chosen, () => null);
  const save = usePutPreferences();
  return (
    <Section title={words.language()} text={words.onThisBrowser()}>
      <SettingRow id="language" label={words.language()} hint={words.languageHint()}>
        <Select
          id="language"
          aria-describedby="language-hint"
          className="w-full sm:w-64"
          value={chosen ?? ""}
          onChange={({ target: { value } }) => {
            // Mail is in the language that was shown last.
            void languageStore
              .choose(isLanguage(value) ? value : null)
              .then(() => save.mutate({ language: language() }))
              // In another language the page is rendered anew.
              .then(() => followFocus(null, () => document.getElementById("language")));
          }}
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
