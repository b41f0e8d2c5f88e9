import type { LucideIcon } from "lucide-react";

/** What administrators find in the navigation. */
export const adminItems: { href: string; label: string; icon: LucideIcon }[] = [];
