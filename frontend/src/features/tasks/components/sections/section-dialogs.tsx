"use client";

import { useEffect, useSyncExternalStore } from "react";
import { LabelDialogs } from "../../labels/label-dialogs";
import { SectionDialog } from "../../labels/section-dialog";
import type { Label } from "../../labels/labels";
import { type SectionRequest, sectionQuestion } from "../../labels/section-question";
import { useAllLabels } from "../../labels/use-labels";
import { sameName } from "../../view/search";

/**
 * The dialog of a section of the list or board that is shown, until another project is. It is not in the row that asked: another
 * device may add tasks that move the row out of sight, or rename the project, while the user types.
 */
export function SectionDialogs({ project }: { project: string }) {
  const request = useSyncExternalStore(sectionQuestion.subscribe, sectionQuestion.get, () => null);
  const labels = useAllLabels();
  const left = request !== null && isOfOther(request, project, labels.project);
  useEffect(() => {
    if (left) sectionQuestion.close();
  }, [left]);
  useEffect(() => sectionQuestion.close, []);
  if (!request || left) return null;
  if ("section" in request) {
    const { section, question } = request;
    const now = labels.section.find(({ id }) => id === section.id) ?? section;
    return <LabelDialogs kind="section" label={now} question={question} onDone={sectionQuestion.close} />;
  }
  const asked = labels.project.find(({ id }) => id === request.projectId)?.name ?? request.project;
  return <SectionDialog section={{ project: asked }} onDone={sectionQuestion.close} />;
}

/** Whether a request is about another project than that of this name, which may have had another name when it was made. */
function isOfOther(request: SectionRequest, project: string, projects: readonly Label[]): boolean {
  const asked = "section" in request ? request.section.project_id : request.projectId;
  const shown = projects.find(({ name }) => sameName(name, project));
  if (asked && shown) return asked !== shown.id;
  return "project" in request && !sameName(request.project, project);
}
