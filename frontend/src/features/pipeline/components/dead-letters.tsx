"use client";

import * as words from "@/messages/pipeline";
import { MailCheck } from "lucide-react";
import { ToggleGroup } from "radix-ui";
import { useState } from "react";
import { PagedList } from "@/components/ui/paged-list";
import { type DeadLetterFilter, useDeadLetters } from "../api/get-dead-letters";
import { DeadLetterRow } from "./dead-letter-row";

const filters: { value: DeadLetterFilter; label: () => string }[] = [
  { value: "open", label: words.open },
  { value: "redriven", label: words.sentAgain },
  { value: "all", label: words.all },
];

export function DeadLetters() {
  const [filter, setFilter] = useState<DeadLetterFilter>("open");
  const query = useDeadLetters(filter, true);
  return (
    <section aria-labelledby="dead-letters">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="dead-letters" className="font-semibold">
          {words.deadLetters()}
        </h2>
        <ToggleGroup.Root
          type="single"
          value={filter}
          onValueChange={(value) => value && setFilter(value as DeadLetterFilter)}
          aria-label={words.whichLetters()}
          className="flex rounded-lg border border-line-2 bg-raised p-0.5 shadow-1"
        >
          {filters.map(({ value, label }) => (
            <ToggleGroup.Item
              key={value}
              value={value}
              className="h-7 rounded-md px-2.5 text-[0.8125rem] text-ink-2 hover:text-ink data-[state=on]:bg-accent-wash data-[state=on]:font-medium data-[state=on]:text-ink"
            >
              {label()}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
      </div>
      <div className="mt-3 rounded-xl border border-line bg-surface">
        <PagedList
          name={words.deadLetters()}
          query={query}
          waiting={<div aria-hidden className="h-32" />}
          nothing={<Nothing />}
        >
          {(letter) => <DeadLetterRow key={letter.id} letter={letter} />}
        </PagedList>
      </div>
    </section>
  );
}

function Nothing() {
  return (
    <div className="flex flex-col items-center px-6 py-10 text-center">
      <MailCheck className="size-7 text-ink-3" aria-hidden />
      <p className="mt-3 font-medium">{words.none()}</p>
      <p className="mt-1 text-sm text-ink-2">{words.noneHint()}</p>
    </div>
  );
}
