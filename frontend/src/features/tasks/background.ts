import type { Database } from "@/lib/store/database";
import { keepCommentCounts } from "./comments/keep-counts";
import { keepLabels } from "./labels/sync";

/** Keeps what lists show beside the tasks, while the user is signed in. */
export function keepInBackground(db: Database | null): () => void {
  const offs = [keepLabels(db), keepCommentCounts(db)];
  return () => offs.forEach((off) => off());
}
