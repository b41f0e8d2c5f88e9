"use client";

import { Keys } from "@/components/ui/kbd";
import { MenuItem } from "@/components/ui/menu";
import { commandInfo } from "@/lib/keys/command-info";
import type { CommandId } from "@/lib/keys/commands";
import { activeKeys } from "@/lib/keys/keymap";
import type { KeyBinding } from "@/lib/keys/registry";
import { useKeymap } from "@/lib/keys/use-keys";

interface TaskMenuItemsProps {
  bindings: readonly KeyBinding[];
  commands: readonly CommandId[];
}

/** The commands of a menu that apply, each with its key. */
export function TaskMenuItems({ bindings, commands }: TaskMenuItemsProps) {
  const keymap = useKeymap();
  return commands.map((id) => {
    const binding = bindings.find(({ command, applies }) => command === id && (applies?.() ?? true));
    if (!binding) return null;
    const { icon: Icon, name } = commandInfo[id];
    const [keys] = activeKeys(keymap, id);
    return (
      <MenuItem key={id} danger={id === "delete"} onSelect={binding.run}>
        {Icon ? <Icon /> : null}
        <span className="flex-1 pe-4">{name()}</span>
        {keys ? <Keys keys={keys} /> : null}
      </MenuItem>
    );
  });
}
