import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { live } from "@/lib/live/live";
import { Emitter } from "@/lib/store/emitter";
import type { Op } from "../outbox/op";
import { taskStore } from "../store";
import type { Comment, CommentEffect } from "./comment";

const pageSize = 30;

export interface ThreadSnapshot {
  comments: ReadonlyMap<string, Comment>;
  /** The cursor of the comments before those; null if there are none. */
  earlier: string | null;
  state: "loading" | "loaded" | "failed";
}

/** The comments on a task as the server has them: the newest, and those before them as the user asks for them. */
export class Thread extends Emitter {
  snapshot: ThreadSnapshot = { comments: new Map(), earlier: null, state: "loading" };
  /** What has changed since a page was asked for: it is newer than the page. Null is a deletion. */
  #since = new Map<string, Comment | null>();
  #stop = new AbortController();

  constructor(private readonly taskId: string) {
    super();
  }

  getSnapshot = () => this.snapshot;

  /** Keeps the comments up to date, until the returned function is called. */
  start(): () => void {
    const stop = (this.#stop = new AbortController());
    const offs = [
      live.on("sync.comment-changed", ({ task_id, comment_id, comment }) => {
        if (task_id === this.taskId) this.#put(comment_id, comment);
      }),
      live.on("sync.reset", () => void this.load()),
      live.on("hello", () => void (this.snapshot.state === "loaded" || this.load())),
      // The stream may deliver it later than the response, and the comment must not vanish meanwhile.
      taskStore.onOutcome((outcome) => {
        if (outcome.kind !== "settled" || outcome.op.change.kind === "batch") return;
        const effect = effectOf(outcome.op);
        if (effect && outcome.op.change.id === this.taskId) this.#accept(effect);
      }),
    ];
    void this.load();
    return () => {
      stop.abort();
      offs.forEach((off) => off());
    };
  }

  /** Loads the newest comments. */
  async load() {
    this.#since = new Map();
    await this.#loadPage(null);
  }

  async loadEarlier() {
    const { earlier } = this.snapshot;
    if (earlier) await this.#loadPage(earlier);
  }

  async #loadPage(cursor: string | null) {
    const { signal } = this.#stop;
    try {
      const page: Schema["CommentPage"] = await api.get(
        `/api/todos/${encodeURIComponent(this.taskId)}/comments`,
        { query: { sort: "-created_at", limit: pageSize, cursor }, signal },
      );
      if (signal.aborted) return;
      const comments = new Map(cursor ? this.snapshot.comments : []);
      for (const comment of page.items) comments.set(comment.id, comment);
      for (const [id, comment] of this.#since) put(comments, id, comment);
      this.#show({ comments, earlier: page.next_cursor, state: "loaded" });
    } catch {
      if (!signal.aborted) this.#show({ ...this.snapshot, state: "failed" });
    }
  }

  #accept({ before, after }: CommentEffect) {
    const id = (after ?? before)?.id;
    // What the server made of it comes with the stream.
    if (id && !(after && this.snapshot.comments.get(id)?.text === after.text)) this.#put(id, after);
  }

  #put(id: string, comment: Comment | null) {
    this.#since.set(id, comment);
    const comments = new Map(this.snapshot.comments);
    put(comments, id, comment);
    this.#show({ ...this.snapshot, comments });
  }

  #show(snapshot: ThreadSnapshot) {
    this.snapshot = snapshot;
    this.emit();
  }
}

function put(comments: Map<string, Comment>, id: string, comment: Comment | null) {
  if (comment) comments.set(id, comment);
  else comments.delete(id);
}

/** What a change does to a comment. */
const effectOf = ({ change }: Op): CommentEffect | undefined =>
  change.kind === "comment" ? change : change.kind === "undo" ? change.comment : undefined;

export interface Shown {
  comment: Comment;
  /** It was not sent yet. */
  waiting: boolean;
}

/** What the user sees: the comments from the server with the unanswered changes, oldest first. */
export function projectThread(
  taskId: string,
  comments: ReadonlyMap<string, Comment>,
  ops: readonly Op[],
): Shown[] {
  const shown = new Map([...comments].map(([id, comment]) => [id, { comment, waiting: false }]));
  for (const op of ops) {
    const effect = op.change.kind !== "batch" && op.change.id === taskId ? effectOf(op) : undefined;
    const id = (effect?.after ?? effect?.before)?.id;
    if (!effect || !id) continue;
    if (effect.after) shown.set(id, { comment: effect.after, waiting: true });
    else shown.delete(id);
  }
  return [...shown.values()].sort((a, b) => (order(a.comment) < order(b.comment) ? -1 : 1));
}

const order = ({ created_at, id }: Comment) => `${new Date(created_at).toISOString()} ${id}`;
