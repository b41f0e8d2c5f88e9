"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { add } from "@/messages/sections";
import { labelStore } from "../../labels/labels";
import { sectionQuestion } from "../../labels/section-question";
import { sameName } from "../../view/search";

/** Adds a section to a project, in the dialog of SectionDialogs. */
export function AddSection({ project }: { project: string }) {
  function ask() {
    const known = labelStore.labels.project.find(({ name }) => sameName(name, project));
    sectionQuestion.ask({ project, projectId: known?.id });
  }
  return (
    <Button look="ghost" size="sm" className="text-ink-3" onClick={ask}>
      <Plus />
      {add()}
    </Button>
  );
}
