"use client";

import { Pencil, Trash2 } from "lucide-react";
import { useCallback, useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { GrowingText } from "@/components/ui/growing-text";
import { focusIfFree } from "@/lib/focus-if-free";
import { lazyPart } from "@/lib/lazy-part";
import { formatDayAndTime, formatFull } from "@/lib/time/days";
import { momentInSentence } from "@/lib/time/moment";
import { useNow } from "@/lib/time/now";
import * as words from "@/messages/comments";
import * as common from "@/messages/common";
import { FieldProblem } from "../components/field-problem";
import { problemProps } from "../problem-props";
import { authorOf } from "./author";
import { deleteComment, editComment, problemOf } from "./change";
import type { Comment } from "./comment";
import { sends } from "./sends";

const Markdown = lazyPart(() => import("@/components/markdown/markdown").then((m) => m.Markdown));
const loadToggled = () => import("@/components/markdown/parse").then((m) => m.toggled);

interface CommentItemProps {
  comment: Comment;
  /** It was not sent yet. */
  waiting: boolean;
  onDeleted: () => void;
}

export function CommentItem({ comment, waiting, onDeleted }: CommentItemProps) {
  const now = useNow();
  const [editing, setEditing] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const at = new Date(comment.created_at);
  const author = authorOf(comment.actor);
  const when = momentInSentence(at, now);
  const toggle = useCallback(
    (line: number) => void loadToggled().then((toggled) => editComment(comment, toggled(comment.text, line))),
    [comment],
  );
  function done() {
    setEditing(false);
    const from = document.activeElement;
    requestAnimationFrame(() => focusIfFree(edit.current, from));
  }
  return (
    <li className="py-2">
      <div className="flex items-center gap-1">
        <p className="min-w-0 flex-1 text-xs text-ink-3">
          <span className="font-semibold text-ink-2">{author}</span>{" "}
          <time dateTime={comment.created_at} title={formatFull(at)}>
            {formatDayAndTime(at, now)}
          </time>
          {comment.edited_at ? (
            <span title={formatFull(new Date(comment.edited_at))}> · {words.edited()}</span>
          ) : null}
          {waiting ? ` · ${words.waiting()}` : null}
        </p>
        {editing ? null : (
          <>
            <Button
              ref={edit}
              look="ghost"
              size="icon-sm"
              className="text-ink-3"
              aria-label={words.editOf({ when })}
              title={common.edit()}
              onClick={() => setEditing(true)}
            >
              <Pencil />
            </Button>
            <Button
              look="ghost"
              size="icon-sm"
              className="text-ink-3"
              aria-label={words.deleteOf({ when })}
              title={common.toDelete()}
              onClick={() => {
                deleteComment(comment);
                onDeleted();
              }}
            >
              <Trash2 />
            </Button>
          </>
        )}
      </div>
      {editing ? (
        <Editor comment={comment} onDone={done} />
      ) : (
        <div className="text-sm text-ink">
          <Markdown text={comment.text} onToggle={toggle} />
        </div>
      )}
    </li>
  );
}

/** Edits a comment. What is typed is saved, also when the details are closed; only Cancel discards it. */
function Editor({ comment, onDone }: { comment: Comment; onDone: () => void }) {
  const [text, setText] = useState(comment.text);
  const problemId = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const base = useRef(comment);
  const latest = useRef<string | null>(null);
  useEffect(
    () => () => {
      if (latest.current !== null) editComment(base.current, latest.current.trim());
    },
    [],
  );
  function close(save: boolean) {
    const over = save ? problemOf(text) : null;
    setProblem(over);
    if (over) return;
    latest.current = null;
    if (save) editComment(base.current, text.trim());
    onDone();
  }
  return (
    <div>
      <GrowingText
        value={text}
        autoFocus
        aria-label={words.text()}
        {...problemProps(problemId, problem)}
        className="min-h-10 rounded-lg border border-line bg-sunken px-3 py-2 text-sm focus-visible:border-accent pointer-coarse:min-h-11"
        onChange={(event) => {
          setText((latest.current = event.target.value));
          if (problem) setProblem(problemOf(event.target.value));
        }}
        onKeyDown={(event) => {
          if (!sends(event) && event.key !== "Escape") return;
          event.preventDefault();
          close(true);
        }}
      />
      <FieldProblem id={problemId}>{problem}</FieldProblem>
      <div className="mt-2 flex justify-end gap-2">
        <Button size="sm" look="ghost" onClick={() => close(false)}>
          {common.cancel()}
        </Button>
        <Button size="sm" look="primary" onClick={() => close(true)}>
          {common.save()}
        </Button>
      </div>
    </div>
  );
}
