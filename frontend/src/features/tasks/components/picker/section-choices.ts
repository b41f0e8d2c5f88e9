"use client";

import { CircleOff, Plus, Rows3 } from "lucide-react";
import type { Choice } from "@/components/ui/command-dialog";
import * as words from "@/messages/sections";
import { patchMany } from "../../actions";
import { useAllLabels, useLabelsLoaded } from "../../labels/use-labels";
import { overLimit } from "../../limits";
import type { Task } from "../../task";
import { hasName, sameName } from "../../view/search";
import { all, matching } from "./choices";
import type { Choices } from "./task-picker";

/** The sections of the tasks' project, and the one that is typed; of tasks in several projects or none, all sections. */
export function useSectionChoices(tasks: Task[], search: string): Choices {
  const { project: projects, section: sections } = useAllLabels();
  const ready = useLabelsLoaded();
  const ids = tasks.map(({ id }) => id);
  const common = tasks[0]?.project ?? null;
  const project = common !== null && all(tasks, (task) => sameName(task.project, common)) ? common : null;
  const choice = (of: string, section: string, icon = Rows3): Choice => ({
    key: `section-${of}/${section}`,
    label: project ? section : `${of} / ${section}`,
    icon,
    checked: all(tasks, (task) => sameName(task.project, of) && sameName(task.section, section)),
    run: () => patchMany(ids, { project: of, section }, words.movedTo({ section })),
  });
  const listed = sections.flatMap(({ name, project_id }) => {
    const of = projects.find(({ id }) => id === project_id);
    const offered = of && (project ? sameName(of.name, project) : !of.archived);
    return offered ? { of: project ?? of.name, name } : [];
  });
  const choices = matching(
    listed.map(({ of, name }) => choice(of, name)),
    search,
  );
  const problem = search && project ? overLimit({ section: search }) : null;
  const known = listed.map(({ name }) => name);
  if (search && project && !problem && !hasName(known, search))
    choices.push({
      ...choice(project, search, Plus),
      key: "new",
      label: words.newNamed({ section: search }),
    });
  if (!search)
    choices.push({
      key: "none",
      label: words.noSection(),
      icon: CircleOff,
      checked: all(tasks, (task) => !task.section),
      run: () => patchMany(ids, { section: null }, words.movedOut()),
    });
  const none = choices.length === 0 ? words.noneFound() : null;
  const note = problem ?? none;
  return { groups: [["", choices]], ready, ...(note ? { note } : {}) };
}
