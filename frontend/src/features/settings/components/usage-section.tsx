"use client";

import { formatBytes } from "@/lib/bytes";
import { cn } from "@/lib/cn";
import * as words from "@/messages/settings";
import { perLocale } from "@/lib/words/per-locale";
import { useUsage } from "../api/get-usage";
import { Section } from "./section";

const numbers = perLocale((tag) => new Intl.NumberFormat(tag));

/** From which share of a bound on it is shown. */
const nearlyFull = 0.8;

/** How much the user keeps, once it is near a bound. */
export function UsageSection() {
  const { data } = useUsage();
  if (!data) return null;
  const near = [
    {
      name: words.tasks(),
      used: data.tasks,
      most: data.max_tasks,
      format: (n: number) => numbers().format(n),
    },
    { name: words.texts(), used: data.bytes, most: data.max_bytes, format: formatBytes },
  ].filter(({ used, most }) => used > most * nearlyFull);
  if (near.length === 0) return null;
  return (
    <Section title={words.usage()} text={words.usageText()}>
      <dl className="space-y-4 text-sm">
        {near.map(({ name, used, most, format }) => (
          <div key={name}>
            <div className="flex flex-wrap justify-between gap-x-4">
              <dt className="font-medium">{name}</dt>
              <dd className={cn("tabular-nums", used >= most ? "text-danger" : "text-ink-2")}>
                {words.usedOf({ used: format(used), most: format(most) })}
              </dd>
            </div>
            <div aria-hidden className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-line">
              <div
                className={cn("h-full rounded-full", used >= most ? "bg-danger" : "bg-accent")}
                style={{ width: `${Math.min(100, (used / most) * 100)}%` }}
              />
            </div>
          </div>
        ))}
      </dl>
    </Section>
  );
}
