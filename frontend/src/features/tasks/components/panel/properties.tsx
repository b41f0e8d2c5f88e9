"use client";

import { Bell, BellRing, CalendarDays, Flag, Hash, type LucideIcon, Repeat, Tag } from "lucide-react";
import type { ReactNode } from "react";
import type { Task } from "../../task";
import { DueField } from "./due-field";
import { OverdueField } from "./overdue-field";
import { PriorityField } from "./priority-field";
import { ProjectField } from "./project-field";
import { RecurrenceField } from "./recurrence-field";
import { RemindersField } from "./reminders-field";
import { TagsField } from "./tags-field";

export function Properties({ task }: { task: Task }) {
  return (
    <dl className="mt-3 divide-y divide-line border-y border-line">
      <Property icon={CalendarDays} name="Due">
        <DueField task={task} />
      </Property>
      <Property icon={Repeat} name="Repeat">
        <RecurrenceField task={task} />
      </Property>
      <Property icon={Bell} name="Remind">
        <RemindersField task={task} />
      </Property>
      {(task.due_at ?? task.due_date) ? (
        <Property icon={BellRing} name="Overdue">
          <OverdueField task={task} />
        </Property>
      ) : null}
      <Property icon={Flag} name="Priority">
        <PriorityField task={task} />
      </Property>
      <Property icon={Hash} name="Project">
        <ProjectField task={task} />
      </Property>
      <Property icon={Tag} name="Tags">
        <TagsField task={task} />
      </Property>
    </dl>
  );
}

function Property({ icon: Icon, name, children }: { icon: LucideIcon; name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-11 items-start gap-2 py-1">
      <dt className="flex h-9 w-24 shrink-0 items-center gap-2.5 text-sm text-ink-3">
        <Icon className="size-4" aria-hidden />
        {name}
      </dt>
      <dd className="flex min-h-9 min-w-0 flex-1 flex-wrap items-center gap-1.5 text-sm">{children}</dd>
    </div>
  );
}
