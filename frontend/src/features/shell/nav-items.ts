import {
  CalendarClock,
  CalendarDays,
  CircleAlert,
  CircleCheckBig,
  Inbox,
  Layers,
  type LucideIcon,
} from "lucide-react";
import type { View } from "@/features/tasks";
import * as words from "@/messages/shell";

export const navItems: { view: View; label: () => string; icon: LucideIcon }[] = [
  { view: "inbox", label: words.inbox, icon: Inbox },
  { view: "today", label: words.today, icon: CalendarDays },
  { view: "upcoming", label: words.upcoming, icon: CalendarClock },
  { view: "overdue", label: words.overdue, icon: CircleAlert },
  { view: "all", label: words.allTasks, icon: Layers },
  { view: "completed", label: words.completed, icon: CircleCheckBig },
];

export const viewLabel = (view: View): string =>
  (navItems.find((item) => item.view === view)?.label ?? words.tasks)();
