import type { ReactNode } from "react";
import { comments } from "@/messages/commentCount";

/** A sign about a task, with words for those who do not see it. */
export function Mark({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span title={label} className="flex shrink-0 items-center gap-1">
      {children}
      <span className="sr-only">{label}</span>
    </span>
  );
}

/** How many comments a task has. */
export function CommentMark({ count }: { count: number }) {
  return (
    <Mark label={comments({ count })}>
      <span className="glyph size-3.5 glyph-comment" />
      <span aria-hidden className="tabular">
        {count}
      </span>
    </Mark>
  );
}
