"use client";

import { Button } from "@/components/ui/button";
import { mostLines, type Pasted } from "../quick-add/lines";
import * as words from "@/messages/quickAddLines";

interface QuickAddLinesProps {
  pasted: Pasted;
  onMany: () => void;
  onOne: () => void;
}

/** Offers to make a task of each line of a pasted text. */
export function QuickAddLines({ pasted, onMany, onOne }: QuickAddLinesProps) {
  const count = pasted.lines.length;
  const added = Math.min(count, mostLines);
  const later = count - added;
  return (
    <div role="status" className="flex flex-wrap items-center gap-2 border-t border-line px-3 py-2 text-sm">
      <span className="me-auto text-ink-2 max-sm:w-full">
        {[
          pasted.rest ? words.left({ count }) : words.pasted({ count }),
          ...(later > 0 ? [words.later({ count: later })] : []),
        ].join(" ")}
      </span>
      <Button type="button" size="sm" look="ghost" onClick={onOne}>
        {words.keepAsOne()}
      </Button>
      <Button type="button" size="sm" look="primary" onClick={onMany}>
        {words.addTasks({ count: added })}
      </Button>
    </div>
  );
}
