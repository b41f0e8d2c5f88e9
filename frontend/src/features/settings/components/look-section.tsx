"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { ToggleGroup } from "radix-ui";
import { type Theme, themes } from "@/lib/theme/theme";
import { useTheme } from "@/lib/theme/use-theme";
import * as words from "@/messages/settings";
import * as shell from "@/messages/shell";
import { Section } from "./section";

const looks = {
  system: { label: shell.themeSystem, icon: Monitor },
  light: { label: shell.themeLight, icon: Sun },
  dark: { label: shell.themeDark, icon: Moon },
};

export function LookSection() {
  const [theme, setTheme] = useTheme();
  return (
    <Section title={shell.theme()} text={words.onThisBrowser()}>
      <ToggleGroup.Root
        type="single"
        aria-label={shell.theme()}
        value={theme}
        onValueChange={(value) => value && setTheme(value as Theme)}
        className="grid grid-cols-3 gap-2"
      >
        {themes.map((one) => {
          const { label, icon: Icon } = looks[one];
          return (
            <ToggleGroup.Item
              key={one}
              value={one}
              className="flex flex-col items-center gap-2 rounded-xl border border-line-2 bg-raised px-2 py-4 text-center text-sm text-ink-2 shadow-1 hover:bg-hover data-[state=on]:border-accent data-[state=on]:bg-accent-wash data-[state=on]:font-medium data-[state=on]:text-ink"
            >
              <Icon className="size-5" aria-hidden />
              {label()}
            </ToggleGroup.Item>
          );
        })}
      </ToggleGroup.Root>
    </Section>
  );
}
