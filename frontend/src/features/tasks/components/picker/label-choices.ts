"use client";

import { CircleOff, Hash, Plus, Tag } from "lucide-react";
import { useMemo } from "react";
import type { Choice } from "@/components/ui/command-dialog";
import { patchMany } from "../../actions";
import { useLabelNames, useLabelsLoaded } from "../../labels/use-labels";
import { overLimit } from "../../limits";
import type { Task } from "../../task";
import { hasName, sameName } from "../../view/search";
import { all, matching } from "./choices";
import type { Choices } from "./task-picker";
import * as changed from "@/messages/changed";
import * as words from "@/messages/picker";

/** The projects or tags that there are, and the one that is typed. */
export function useLabelChoices(kind: "project" | "tag", tasks: Task[], search: string): Choices {
  const chosen = useMemo(
    () => tasks.flatMap(({ project, tags }) => (kind === "tag" ? tags : (project ?? []))),
    [tasks, kind],
  );
  const known = useLabelNames(kind, chosen);
  const ready = useLabelsLoaded();
  const ids = tasks.map(({ id }) => id);
  const name = search.replace(kind === "tag" ? /^@/ : /^#/, "");
  const choice = kind === "tag" ? tagChoice : projectChoice;
  const choices = matching(
    known.map((label) => choice(label, tasks)),
    name,
  );
  const problem = name ? overLimit(kind === "tag" ? { tags: [name] } : { project: name }) : null;
  if (name && !problem && !hasName(known, name)) {
    const label = kind === "tag" ? words.newTag({ name }) : words.newProject({ name });
    choices.push({ ...choice(name, tasks), key: "new", label, icon: Plus });
  }
  if (kind === "project" && !name) {
    choices.push({
      ...{
        key: "none",
        label: words.noProject(),
        icon: CircleOff,
        checked: all(tasks, (task) => !task.project),
      },
      run: () => patchMany(ids, { project: null }, changed.project()),
    });
  }
  const none = choices.length === 0 ? words.noTagsYet() : null;
  const note = problem ?? none;
  return { groups: [["", choices]], ready, ...(note ? { note } : {}) };
}

const projectChoice = (project: string, tasks: Task[]): Choice => ({
  ...{ key: `label-${project}`, label: project, icon: Hash },
  checked: all(tasks, (task) => sameName(task.project, project)),
  run: () =>
    patchMany(
      tasks.map(({ id }) => id),
      { project },
      changed.project(),
    ),
});

/** Adds a tag, or removes it if all tasks have it. */
function tagChoice(tag: string, tasks: Task[]): Choice {
  const checked = all(tasks, (task) => hasName(task.tags, tag));
  return {
    ...{ key: `label-${tag}`, label: tag, icon: Tag, checked },
    run: () =>
      patchMany(
        tasks.map(({ id }) => id),
        ({ tags }) => ({
          tags: checked ? tags.filter((one) => !sameName(one, tag)) : [...tags, tag],
        }),
        checked ? changed.untagged({ tag }) : changed.tagged({ tag }),
      ),
  };
}
