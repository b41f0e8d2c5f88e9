import { type LucideIcon, Workflow } from "lucide-react";

/** The navigation items for administrators. */
export const adminItems: { href: string; label: string; icon: LucideIcon }[] = [
  { href: "/admin/pipeline", label: "Pipeline", icon: Workflow },
];
