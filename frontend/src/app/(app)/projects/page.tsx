"use client";

import { PageTitle } from "@/components/page-title";
import { Header } from "@/features/shell";
import { LabelsPage } from "@/features/tasks/labels/labels-page";
import * as words from "@/messages/titles";

export default function ProjectsPage() {
  return (
    <>
      <PageTitle>{words.projectsAndTags()}</PageTitle>
      <Header title={words.projectsAndTags()} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-4xl px-3 pt-1 pb-16 lg:px-6">
          <LabelsPage />
        </div>
      </div>
    </>
  );
}
