"use client";

import { ChevronsUpDown, Keyboard, LogOut, Settings } from "lucide-react";
import { useRouter } from "next/navigation";
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from "@/components/ui/menu";
import { openKeyHelp } from "@/lib/keys/help";
import { leave } from "./leave";
import { useSession } from "@/lib/session/use-session";
import { type Theme, themes } from "@/lib/theme/theme";
import { useTheme } from "@/lib/theme/use-theme";

const themeLabels: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };

export function UserMenu() {
  const { account } = useSession();
  const [theme, setTheme] = useTheme();
  const router = useRouter();
  const name = account?.name ?? "";
  return (
    <Menu>
      <MenuTrigger className="flex w-full items-center gap-2.5 rounded-lg p-1.5 text-left hover:bg-hover data-[state=open]:bg-hover">
        <span
          aria-hidden
          className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-wash text-sm font-semibold text-accent"
        >
          {Array.from(name)[0]?.toUpperCase() ?? ""}
        </span>
        <span className="min-w-0 flex-1 leading-tight">
          <span className="block truncate text-sm font-medium" dir="auto">
            {name || "\u00a0"}
          </span>
          <span className="block truncate text-xs text-ink-3">{account?.email ?? "\u00a0"}</span>
        </span>
        <ChevronsUpDown className="size-4 shrink-0 text-ink-3" aria-hidden />
        <span className="sr-only">Account menu</span>
      </MenuTrigger>
      <MenuContent side="top" align="start" className="w-(--radix-dropdown-menu-trigger-width) min-w-56">
        <MenuItem onSelect={() => router.push("/settings")}>
          <Settings /> Settings
        </MenuItem>
        <MenuItem onSelect={openKeyHelp}>
          <Keyboard /> Keyboard
        </MenuItem>
        <MenuSeparator />
        <MenuLabel>Theme</MenuLabel>
        <MenuRadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
          {themes.map((one) => (
            <MenuRadioItem key={one} value={one}>
              {themeLabels[one]}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
        <MenuSeparator />
        <MenuItem onSelect={() => void leave()}>
          <LogOut /> Sign out
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
