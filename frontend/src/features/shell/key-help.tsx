"use client";

import Link from "next/link";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Keys } from "@/components/ui/kbd";
import { LetterSwitch } from "@/features/settings";
import { commandGroups, commandInfo, commandsOf, groupNames } from "@/lib/keys/command-info";
import { activeKeys } from "@/lib/keys/keymap";
import { useCommands, useKeymap } from "@/lib/keys/use-keys";
import { useWhole } from "@/lib/use-whole";
import * as words from "@/messages/shellLater";

/** Lists the keyboard shortcuts of the current page. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const here = useCommands();
  const keymap = useKeymap();
  const groups = commandGroups.flatMap((group) => {
    const listed = commandsOf(group).flatMap((id) => {
      const [keys] = here.includes(id) ? activeKeys(keymap, id) : [];
      return keys ? [{ id, keys }] : [];
    });
    return listed.length > 0 ? [{ group, listed }] : [];
  });
  const columns = halves(groups);
  const whole = useWhole();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={words.keys()} className="max-w-2xl">
        <div className="mb-5 space-y-3 rounded-lg bg-sunken px-3.5 py-2.5">
          <LetterSwitch />
          <Link
            href="/settings/keyboard"
            prefetch={false}
            className="block border-t border-line pt-2.5 text-sm font-medium text-accent underline-offset-2 hover:underline pointer-coarse:py-3"
            onClick={onClose}
          >
            {words.changeKeys()}
          </Link>
        </div>
        {/* Not CSS columns: to balance them, the browser lays them out several times. */}
        <div className="grid items-start gap-x-8 sm:grid-cols-2">
          {(whole ? columns : columns.slice(0, 1)).map((column, i) => (
            <div key={i}>
              {column.map(({ group, listed }) => (
                <section key={group} className="mb-5">
                  <h3 className="mb-1 text-xs font-medium text-ink-3">{groupNames[group]()}</h3>
                  <dl>
                    {listed.map(({ id, keys }) => (
                      <div key={id} className="flex items-center justify-between gap-3 py-1 text-sm">
                        <dt>{commandInfo[id].name()}</dt>
                        <dd>
                          <Keys keys={keys} />
                        </dd>
                      </div>
                    ))}
                  </dl>
                </section>
              ))}
            </div>
          ))}
        </div>
      </DialogContent>
    </Dialog>
  );
}

/** Two columns of about the same length. */
function halves<T extends { listed: readonly unknown[] }>(groups: readonly T[]): [T[], T[]] {
  // A heading, with the space around it, is as high as two rows.
  const heights = groups.map(({ listed }) => listed.length + 2);
  const whole = heights.reduce((sum, height) => sum + height, 0);
  const differences = groups.map((_, i) =>
    Math.abs(whole - 2 * heights.slice(0, i + 1).reduce((sum, height) => sum + height, 0)),
  );
  const last = differences.indexOf(Math.min(...differences));
  return [groups.slice(0, last + 1), groups.slice(last + 1)];
}
