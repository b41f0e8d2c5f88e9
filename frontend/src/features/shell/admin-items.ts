import { type LucideIcon, Users, Workflow } from "lucide-react";
import * as words from "@/messages/shell";

/** The navigation items for administrators. */
export const adminItems: { href: string; label: () => string; icon: LucideIcon }[] = [
  { href: "/admin/pipeline", label: words.pipeline, icon: Workflow },
  { href: "/admin/users", label: words.users, icon: Users },
];
