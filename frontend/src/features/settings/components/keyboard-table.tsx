"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Keys } from "@/components/ui/kbd";
import {
  type CommandGroup,
  commandGroups,
  commandInfo,
  commandsOf,
  groupNames,
} from "@/lib/keys/command-info";
import type { CommandId } from "@/lib/keys/commands";
import { assignedKeys } from "@/lib/keys/keymap";
import { resetKeys } from "@/lib/keys/rebind";
import { useKeymap } from "@/lib/keys/use-keys";
import * as common from "@/messages/common";
import * as words from "@/messages/keyboardSettings";
import * as settings from "@/messages/settings";
import * as shell from "@/messages/shell";
import { KeyDialog } from "./key-dialog";
import { LetterSwitch } from "./letter-switch";
import { Section } from "./section";

/** Every command with its key, which the user can change or turn off. */
export function KeyboardTable() {
  const { chosen } = useKeymap();
  const [changing, setChanging] = useState<CommandId | null>(null);
  return (
    <>
      <Section title={shell.keyboard()} text={settings.browserOnly()}>
        <LetterSwitch />
        <div className="flex flex-wrap items-center justify-between gap-3 text-sm">
          <p className="text-ink-2">
            {Object.keys(chosen).length === 0 ? words.allDefault() : words.someChanged()}
          </p>
          <Button size="sm" disabled={Object.keys(chosen).length === 0} onClick={resetKeys}>
            {words.resetAll()}
          </Button>
        </div>
      </Section>
      {commandGroups.map((group) => (
        <Group key={group} group={group} onChange={setChanging} />
      ))}
      {changing ? <KeyDialog command={changing} onDone={() => setChanging(null)} /> : null}
    </>
  );
}

function Group({ group, onChange }: { group: CommandGroup; onChange: (command: CommandId) => void }) {
  const keymap = useKeymap();
  return (
    <Section title={groupNames[group]()}>
      <ul className="-my-1.5 divide-y divide-line">
        {commandsOf(group).map((id) => {
          const { fixed, ...info } = commandInfo[id];
          const name = info.name();
          const keys = assignedKeys(keymap, id);
          return (
            <li key={id} className="flex min-h-11 items-center gap-x-4 gap-y-1 py-1.5 text-sm">
              <span className="min-w-28 flex-1">{name}</span>
              <span className="flex flex-wrap items-center justify-end gap-x-3 gap-y-1 text-ink-3">
                {keys.length === 0 ? words.off() : keys.map((one) => <Keys key={one} keys={one} />)}
              </span>
              {fixed ? (
                <span className="min-w-18 text-center text-ink-3">{words.fixed()}</span>
              ) : (
                <Button
                  size="sm"
                  className="min-w-18"
                  aria-label={words.changeKeyOf({ command: name })}
                  onClick={() => onChange(id)}
                >
                  {common.change()}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
