"use client";

import { useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { useLiveEvent } from "@/lib/live/use-live";
import { useSession } from "@/lib/session/use-session";
import * as words from "@/messages/comments";
import { tryAgain } from "@/messages/common";
import { taskStore } from "../store";
import type { Task } from "../task";
import { authorOf } from "./author";
import { CommentForm } from "./comment-form";
import { CommentItem } from "./comment-item";
import { projectThread, Thread } from "./thread";

const getOps = () => taskStore.snapshot.ops;

/** The comments on a task. */
export function Comments({ task: { id, version } }: { task: Task }) {
  const { account } = useSession();
  const ops = useSyncExternalStore(taskStore.subscribe, getOps, getOps);
  const thread = useMemo(() => new Thread(id), [id]);
  const { comments, earlier, state } = useSyncExternalStore(
    thread.subscribe,
    thread.getSnapshot,
    thread.getSnapshot,
  );
  const created = version > 0; // otherwise it is still in the outbox, unknown to the server
  useEffect(() => (created ? thread.start() : undefined), [thread, created]);
  const shown = useMemo(() => projectThread(id, comments, ops), [id, comments, ops]);
  const heading = useRef<HTMLHeadingElement>(null);
  const headingId = useId();
  const [news, setNews] = useState("");
  useLiveEvent("sync.comment-changed", ({ task_id, comment, comments: count }) => {
    if (task_id === id && comment && count !== null && !comment.actor.startsWith("user:"))
      setNews(words.newBy({ author: authorOf(comment.actor) }));
  });
  return (
    <section aria-labelledby={headingId} className="mt-6 border-t border-line pt-4">
      <h3 ref={heading} id={headingId} tabIndex={-1} className="text-sm font-semibold outline-none">
        {words.title()}
      </h3>
      <p role="status" className="sr-only">
        {news}
      </p>
      {state === "failed" && created ? (
        <p className="mt-2 text-sm text-ink-2">
          {words.failed()}{" "}
          <Button size="sm" look="ghost" onClick={() => void thread.load()}>
            {tryAgain()}
          </Button>
        </p>
      ) : null}
      {earlier ? (
        <Button size="sm" look="ghost" className="-ms-2 mt-2" onClick={() => void thread.loadEarlier()}>
          {words.earlier()}
        </Button>
      ) : null}
      {shown.length > 0 ? (
        <ol aria-labelledby={headingId} className="mt-1">
          {shown.map(({ comment, waiting }) => (
            <CommentItem
              key={comment.id}
              comment={comment}
              waiting={waiting}
              onDeleted={() => heading.current?.focus()}
            />
          ))}
        </ol>
      ) : null}
      {account ? <CommentForm taskId={id} userId={account.id} /> : null}
    </section>
  );
}
