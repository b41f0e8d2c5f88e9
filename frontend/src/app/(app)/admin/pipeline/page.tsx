import type { Metadata } from "next";
import { PipelinePage } from "@/features/pipeline/components/pipeline-page";

export const metadata: Metadata = { title: "Pipeline" };

export default function AdminPipelinePage() {
  return <PipelinePage />;
}
