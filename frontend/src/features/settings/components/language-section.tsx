"use client";

import { useSyncExternalStore } from "react";
import { Select } from "@/components/ui/select";
import { languageStore } from "@/lib/words/language";
import { isLanguage, languages } from "@/lib/words/locale";
import * as words from "@/messages/settings";
import { Section, SettingRow } from "./section";

export function LanguageSection() {
  const chosen = useSyncExternalStore(languageStore.subscribe, languageStore.chosen, () => null);
  return (
    <Section title={words.language()} text={words.onThisBrowser()}>
      <SettingRow id="language" label={words.language()} hint={words.languageHint()}>
        <Select
          id="language"
          aria-describedby="language-hint"
          className="w-full sm:w-56"
          value={chosen ?? ""}
          onChange={({ target: { value } }) => void languageStore.choose(isLanguage(value) ? value : null)}
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
