import type { ReactNode } from "react";
import { AppShell } from "@/features/shell/app-shell";
import { KeptTasks } from "@/features/tasks/components/kept-tasks";

export default function AppLayout({ children }: { children: ReactNode }) {
  return (
    <AppShell>
      {children}
      <KeptTasks />
    </AppShell>
  );
}
