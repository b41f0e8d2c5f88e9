"use client";

import Link from "next/link";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Keys } from "@/components/ui/kbd";
import { LetterSwitch } from "@/features/settings";
import { commandGroups, commandInfo, commandsOf, groupNames } from "@/lib/keys/command-info";
import { activeKeys } from "@/lib/keys/keymap";
import { useCommands, useKeymap } from "@/lib/keys/use-keys";
import * as words from "@/messages/shellLater";

/** Lists the keyboard shortcuts of the current page. */
export function KeyHelp({ onOpenChange }: { onOpenChange: (open: boolean) => void }) {
  const here = useCommands();
  const keymap = useKeymap();
  return (
    <Dialog open onOpenChange={onOpenChange}>
      <DialogContent title={words.keys()} className="max-w-2xl">
        <div className="mb-5 space-y-3 rounded-lg bg-sunken px-3.5 py-2.5">
          <LetterSwitch />
          <Link
            href="/settings/keyboard"
            prefetch={false}
            className="block border-t border-line pt-2.5 text-sm font-medium text-accent underline-offset-2 hover:underline pointer-coarse:py-3"
            onClick={() => onOpenChange(false)}
          >
            {words.changeKeys()}
          </Link>
        </div>
        <div className="columns-1 gap-8 sm:columns-2">
          {commandGroups.map((group) => {
            const listed = commandsOf(group).flatMap((id) => {
              const [keys] = here.includes(id) ? activeKeys(keymap, id) : [];
              return keys ? [{ id, keys }] : [];
            });
            return listed.length === 0 ? null : (
              <section key={group} className="mb-5">
                <h3 className="mb-1 text-xs font-medium text-ink-3">{groupNames[group]()}</h3>
                <dl>
                  {listed.map(({ id, keys }) => (
                    <div
                      key={id}
                      className="flex break-inside-avoid-column items-center justify-between gap-3 py-1 text-sm"
                    >
                      <dt>{commandInfo[id].name()}</dt>
                      <dd>
                        <Keys keys={keys} />
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            );
          })}
        </div>
      </DialogContent>
    </Dialog>
  );
}
