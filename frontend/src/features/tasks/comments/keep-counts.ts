import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { live } from "@/lib/live/live";
import { type Database, isOpen } from "@/lib/store/database";
import { commentCounts } from "./counts";

const storedKey = "comments";

/** Loads how many comments tasks have, keeps that as devices comment, and stores it for a start without network. */
export function keepCommentCounts(db: Database | null): () => void {
  const stop = new AbortController();
  let loaded = false;
  let loading = false;
  let again = false;
  /** What has changed since a load began is newer than its pages. */
  let since = new Map<string, number>();

  const load = async () => {
    if (loading) return void (again = true);
    loading = true;
    do {
      again = false;
      since = new Map();
      try {
        const counts = await all(stop.signal);
        if (stop.signal.aborted) return;
        for (const [id, count] of since) counts.set(id, count);
        commentCounts.replace(counts);
        loaded = !again;
      } catch {
        // The next connection loads them.
      }
    } while (again && !stop.signal.aborted);
    loading = false;
  };

  void restore(db).then((stored) => {
    if (stored && !loaded && !stop.signal.aborted)
      commentCounts.replace(new Map([...stored, ...commentCounts.counts]));
  });
  const offs = [
    live.on("sync.comment-changed", ({ task_id, comments }) => {
      if (comments === null) return;
      since.set(task_id, comments);
      commentCounts.replace(new Map(commentCounts.counts).set(task_id, comments));
    }),
    live.on("hello", () => void (loaded || load())),
    live.on("sync.reset", () => {
      loaded = false;
      void load();
    }),
    commentCounts.subscribe(() => void store(db)),
  ];
  void load();
  return () => {
    stop.abort();
    offs.forEach((off) => off());
    commentCounts.replace(new Map());
  };
}

async function all(signal: AbortSignal): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let cursor: string | null = null;
  do {
    const page: Schema["CommentCountPage"] = await api.get("/api/todos/comment-counts", {
      query: { limit: 200, cursor },
      signal,
    });
    for (const { task_id, comments } of page.items) counts.set(task_id, comments);
    cursor = page.next_cursor;
  } while (cursor);
  return counts;
}

async function restore(db: Database | null): Promise<ReadonlyMap<string, number> | null> {
  const stored = await db?.get("meta", storedKey).catch(() => null);
  return (stored as ReadonlyMap<string, number> | undefined) ?? null;
}

async function store(db: Database | null): Promise<void> {
  if (!db) return;
  try {
    const tx = db.transaction(["tasks", "meta"], "readwrite");
    if (await isOpen(tx)) void tx.objectStore("meta").put(commentCounts.counts, storedKey);
    await tx.done;
  } catch {
    // Without storage they are loaded at the next start.
  }
}
