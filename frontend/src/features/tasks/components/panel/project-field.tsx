"use client";

import { useId, useState } from "react";
import * as sections from "@/messages/sections";
import { patchTask } from "../../changes";
import { useUnfinished } from "../../hooks/use-unfinished";
import { useLabelNames, useSections } from "../../labels/use-labels";
import { overLimit } from "../../limits";
import type { Task } from "../../task";
import { problemProps } from "../../problem-props";
import { FieldProblem } from "../field-problem";
import { inlineInputStyles } from "./inline-input";
import * as words from "@/messages/panel";

export function ProjectField({ task }: { task: Task }) {
  const names = useLabelNames("project");
  return (
    <NameField task={task} field="project" label={words.project()} none={words.noProject()} names={names} />
  );
}

export function SectionField({ task }: { task: Task }) {
  const names = useSections(task.project).map(({ name }) => name);
  return (
    <NameField
      task={task}
      field="section"
      label={sections.section()}
      none={sections.noSection()}
      names={names}
    />
  );
}

interface NameFieldProps {
  task: Task;
  field: "project" | "section";
  label: string;
  /** What is shown without a name. */
  none: string;
  /** What is offered. */
  names: readonly string[];
}

function NameField({ task, field, label, none, names }: NameFieldProps) {
  const list = useId();
  const problemId = useId();
  /** What is typed, and the task when that began. */
  const [draft, setDraft] = useState<{ text: string; seen: Task } | null>(null);
  const seen = draft?.seen ?? task;
  const patch = draft && { [field]: draft.text.trim() || null };
  const problem = patch && overLimit(patch);
  useUnfinished(seen, patch);
  function commit() {
    if (!patch || problem) return;
    patchTask(seen.id, patch, seen);
    setDraft(null);
  }
  return (
    <>
      <input
        value={draft?.text ?? task[field] ?? ""}
        onChange={(event) => setDraft({ text: event.target.value, seen })}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape" && draft !== null) {
            event.preventDefault();
            setDraft(null);
          }
        }}
        list={list}
        aria-label={label}
        placeholder={none}
        {...problemProps(problemId, problem)}
        autoComplete="off"
        dir="auto"
        className={inlineInputStyles}
      />
      <FieldProblem id={problemId}>{problem}</FieldProblem>
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
