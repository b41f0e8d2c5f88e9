"use client";

import { PageTitle } from "@/components/page-title";
import { PipelinePage } from "@/features/pipeline/components/pipeline-page";
import * as words from "@/messages/shell";

export default function AdminPipelinePage() {
  return (
    <>
      <PageTitle>{words.pipeline()}</PageTitle>
      <PipelinePage />
    </>
  );
}
