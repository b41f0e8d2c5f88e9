"use client";

import { Button } from "@/components/ui/button";
import * as words from "@/messages/quickAddLines";

interface QuickAddLinesProps {
  count: number;
  onMany: () => void;
  onOne: () => void;
}

/** Offers to make a task of each line of a pasted text. */
export function QuickAddLines({ count, onMany, onOne }: QuickAddLinesProps) {
  return (
    <div role="status" className="flex flex-wrap items-center gap-2 border-t border-line px-3 py-2 text-sm">
      <span className="me-auto text-ink-2 max-sm:w-full">{words.pasted({ count })}</span>
      <Button type="button" size="sm" look="ghost" onClick={onOne}>
        {words.keepAsOne()}
      </Button>
      <Button type="button" size="sm" look="primary" onClick={onMany}>
        {words.addTasks({ count })}
      </Button>
    </div>
  );
}
