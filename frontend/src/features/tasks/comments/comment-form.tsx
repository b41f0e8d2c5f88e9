"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { GrowingText } from "@/components/ui/growing-text";
import { keysInWords } from "@/lib/keys/key-names";
import * as words from "@/messages/comments";
import { FieldProblem } from "../components/field-problem";
import { useKeptDraft } from "../hooks/use-kept-draft";
import { problemProps } from "../problem-props";
import { addComment, problemOf } from "./change";
import { sends } from "./sends";

/** Writes a comment: Enter begins a line, and Ctrl+Enter or ⌘+Enter sends. */
export function CommentForm({ taskId, userId }: { taskId: string; userId: string }) {
  const [text, setText] = useKeptDraft("comment", taskId, userId);
  const problemId = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const blank = text.trim() === "";
  function send() {
    if (blank) return;
    const over = problemOf(text);
    setProblem(over);
    if (over) return;
    addComment(taskId, text.trim(), userId);
    setText("");
  }
  return (
    <form
      className="mt-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <GrowingText
        value={text}
        aria-label={words.write()}
        placeholder={words.write()}
        {...problemProps(problemId, problem)}
        aria-keyshortcuts="Control+Enter"
        className="min-h-10 rounded-lg border border-line bg-sunken px-3 py-2 text-sm placeholder:text-ink-3 focus-visible:border-accent pointer-coarse:min-h-11"
        onChange={(event) => {
          setText(event.target.value);
          if (problem) setProblem(problemOf(event.target.value));
        }}
        onKeyDown={(event) => {
          if (sends(event)) {
            event.preventDefault();
            send();
          } else if (event.key === "Escape") {
            event.preventDefault(); // does not close the details
            event.currentTarget.blur();
          }
        }}
      />
      <FieldProblem id={problemId}>{problem}</FieldProblem>
      {blank ? null : (
        <div className="mt-2 flex items-center justify-between gap-2">
          <span className="text-xs text-ink-3">{words.hint({ keys: keysInWords("mod+Enter") })}</span>
          <Button type="submit" size="sm" look="primary">
            {words.send()}
          </Button>
        </div>
      )}
    </form>
  );
}
