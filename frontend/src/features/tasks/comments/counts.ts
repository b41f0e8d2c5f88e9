import { useSyncExternalStore } from "react";
import { Emitter } from "@/lib/store/emitter";

/** How many comments tasks have, of those that have any. It is filled in the background. */
class CommentCounts extends Emitter {
  counts: ReadonlyMap<string, number> = new Map();

  replace(counts: ReadonlyMap<string, number>) {
    this.counts = counts;
    this.emit();
  }
}

export const commentCounts = new CommentCounts();

export const useCommentCount = (id: string): number =>
  useSyncExternalStore(
    commentCounts.subscribe,
    () => commentCounts.counts.get(id) ?? 0,
    () => 0,
  );
