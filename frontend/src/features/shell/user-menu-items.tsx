"use client";

import { Keyboard, LogOut, Settings } from "lucide-react";
import { useRouter } from "next/navigation";
import {
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
} from "@/components/ui/menu";
import { openKeyHelp } from "@/lib/keys/help";
import { type Theme, themes } from "@/lib/theme/theme";
import { useTheme } from "@/lib/theme/use-theme";
import * as words from "@/messages/shell";
import { leave } from "./leave";

const themeLabels: Record<Theme, () => string> = {
  system: words.themeSystem,
  light: words.themeLight,
  dark: words.themeDark,
};

export function UserMenuItems() {
  const [theme, setTheme] = useTheme();
  const router = useRouter();
  return (
    <MenuContent side="top" align="start" className="w-(--radix-dropdown-menu-trigger-width) min-w-56">
      <MenuItem onSelect={() => router.push("/settings")}>
        <Settings /> {words.settings()}
      </MenuItem>
      <MenuItem onSelect={openKeyHelp}>
        <Keyboard /> {words.keyboard()}
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>{words.theme()}</MenuLabel>
      <MenuRadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
        {themes.map((one) => (
          <MenuRadioItem key={one} value={one}>
            {themeLabels[one]()}
          </MenuRadioItem>
        ))}
      </MenuRadioGroup>
      <MenuSeparator />
      <MenuItem onSelect={() => void leave()}>
        <LogOut /> {words.signOut()}
      </MenuItem>
    </MenuContent>
  );
}
