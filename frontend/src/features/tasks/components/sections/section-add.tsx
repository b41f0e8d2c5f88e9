"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { notify } from "@/lib/notify";
import { useSession } from "@/lib/session/use-session";
import * as words from "@/messages/sections";
import { addTask } from "../../actions";
import { between } from "../../changes";
import { useKeptDraft } from "../../hooks/use-kept-draft";
import { useSetTaskQuery } from "../../hooks/use-task-query";
import type { Label } from "../../labels/labels";
import { overLimit } from "../../limits";
import { plainTitle, readTask, withDefaults } from "../../quick-add/reader";
import { sayWhereItWent } from "../../quick-add/where-it-went";
import { lastPosition } from "../../sections";
import type { TaskQuery } from "../../view/query";

interface SectionAddProps {
  project: string;
  section: Label;
  query: TaskQuery;
}

/** Adds tasks to the end of a section, in plain language too. */
export function SectionAdd({ project, section: { id: sectionId, name: section }, query }: SectionAddProps) {
  const { account } = useSession();
  const [text, setText] = useKeptDraft("section", sectionId, account?.id);
  const client = useQueryClient();
  const setQuery = useSetTaskQuery();
  const problem = text ? overLimit(plainTitle(text).task) : null;
  async function add() {
    if (!text.trim()) return;
    // A row has no room below it.
    if (problem) return void notify((toast) => toast.error(problem, { id: "section-add" }));
    setText("");
    const task = withDefaults(await readTask(client, text), { project, section });
    const id = addTask({ ...task, position: between(lastPosition(project, section), null) });
    if (id) void sayWhereItWent(id, query, setQuery);
  }
  return (
    <form
      className="flex h-full min-w-0 flex-1 items-center gap-2.5 ps-2 text-ink-3"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Plus className="size-4 shrink-0" aria-hidden />
      <input
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          if (text) setText("");
          else event.currentTarget.blur();
        }}
        aria-label={words.addTaskTo({ section })}
        placeholder={words.addTask()}
        aria-invalid={problem ? true : undefined}
        autoComplete="off"
        enterKeyHint="done"
        dir="auto"
        className="h-full min-w-0 flex-1 bg-transparent text-start text-ink outline-none placeholder:text-ink-3"
      />
    </form>
  );
}
