import { type LucideIcon, Workflow } from "lucide-react";

/** What administrators find in the navigation. */
export const adminItems: { href: string; label: string; icon: LucideIcon }[] = [
  { href: "/admin/pipeline", label: "Pipeline", icon: Workflow },
];
