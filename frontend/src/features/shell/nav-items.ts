import {
  CalendarClock,
  CalendarDays,
  CircleAlert,
  CircleCheckBig,
  Layers,
  type LucideIcon,
} from "lucide-react";
import type { View } from "@/features/tasks";

export const navItems: { view: View; label: string; icon: LucideIcon; keys: string }[] = [
  { view: "today", label: "Today", icon: CalendarDays, keys: "g t" },
  { view: "upcoming", label: "Upcoming", icon: CalendarClock, keys: "g u" },
  { view: "overdue", label: "Overdue", icon: CircleAlert, keys: "g o" },
  { view: "all", label: "All tasks", icon: Layers, keys: "g a" },
  { view: "completed", label: "Completed", icon: CircleCheckBig, keys: "g c" },
];

export const viewLabel = (view: View): string =>
  navItems.find((item) => item.view === view)?.label ?? "Tasks";
