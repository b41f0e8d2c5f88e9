"use client";

import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { useAllKeys } from "@/lib/keys/use-keys";

const names: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  Enter: "↵",
  Escape: "Esc",
  Delete: "Del",
  shift: "⇧",
  alt: "Alt",
};

const isMac = () => /mac|iphone|ipad/i.test(navigator.userAgent);
const nameOf = (key: string) =>
  key === "mod" ? (isMac() ? "⌘" : "Ctrl") : (names[key] ?? key.toUpperCase());

/** Lists the keyboard shortcuts of the current page. */
export function KeyHelp({ onOpenChange }: { onOpenChange: (open: boolean) => void }) {
  const listed = useAllKeys().filter((binding) => binding.label);
  const groups = [...new Set(listed.map((binding) => binding.group ?? "Everywhere"))];
  return (
    <Dialog open onOpenChange={onOpenChange}>
      <DialogContent title="Keys" className="max-w-2xl">
        <div className="columns-1 gap-8 sm:columns-2">
          {groups.map((group) => (
            <section key={group} className="mb-5 break-inside-avoid-column">
              <h3 className="mb-1 text-xs font-medium text-ink-3">{group}</h3>
              <dl>
                {listed
                  .filter((binding) => (binding.group ?? "Everywhere") === group)
                  .map(({ keys, label }) => (
                    <div key={keys + label} className="flex items-center justify-between gap-3 py-1 text-sm">
                      <dt>{label}</dt>
                      <dd className="flex gap-1">
                        {keys.split(/[+ ]/).map((key, i) => (
                          <Kbd key={i}>{nameOf(key)}</Kbd>
                        ))}
                      </dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogContent>
    </Dialog>
  );
}
