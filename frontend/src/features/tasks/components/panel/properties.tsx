"use client";

import { Bell, BellRing, CalendarDays, Flag, Hash, type LucideIcon, Repeat, Rows3, Tag } from "lucide-react";
import type { ReactNode } from "react";
import * as sections from "@/messages/sections";
import type { Task } from "../../task";
import { DueField } from "./due-field";
import { OverdueField } from "./overdue-field";
import { PriorityField } from "./priority-field";
import { ProjectField, SectionField } from "./project-field";
import { RecurrenceField } from "./recurrence-field";
import { RemindersField } from "./reminders-field";
import { TagsField } from "./tags-field";
import * as words from "@/messages/panel";

export function Properties({ task }: { task: Task }) {
  return (
    <dl className="mt-3 divide-y divide-line border-y border-line">
      <Property icon={CalendarDays} name={words.due()}>
        <DueField task={task} />
      </Property>
      <Property icon={Repeat} name={words.repeat()}>
        <RecurrenceField task={task} />
      </Property>
      <Property icon={Bell} name={words.remind()}>
        <RemindersField task={task} />
      </Property>
      {(task.due_at ?? task.due_date) ? (
        <Property icon={BellRing} name={words.overdue()}>
          <OverdueField task={task} />
        </Property>
      ) : null}
      <Property icon={Flag} name={words.priority()}>
        <PriorityField task={task} />
      </Property>
      <Property icon={Hash} name={words.project()}>
        <ProjectField task={task} />
      </Property>
      {task.project ? (
        <Property icon={Rows3} name={sections.section()}>
          <SectionField task={task} />
        </Property>
      ) : null}
      <Property icon={Tag} name={words.tags()}>
        <TagsField task={task} />
      </Property>
    </dl>
  );
}

function Property({ icon: Icon, name, children }: { icon: LucideIcon; name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-11 items-start gap-2 py-1">
      <dt className="flex h-9 w-32 shrink-0 items-center gap-2.5 text-sm text-ink-3 pointer-coarse:h-11">
        <Icon className="size-4" aria-hidden />
        {name}
      </dt>
      <dd className="flex min-h-9 min-w-0 flex-1 flex-wrap items-center gap-x-1.5 text-sm pointer-coarse:min-h-11">
        {children}
      </dd>
    </div>
  );
}
