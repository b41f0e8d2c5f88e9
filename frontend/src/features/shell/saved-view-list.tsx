"use client";

import { CalendarRange, Kanban, ListFilter } from "lucide-react";
import { taskHref, useSavedViews } from "@/features/tasks";
import * as words from "@/messages/shellLater";
import { NavLink } from "./nav-link";
import { itemStyles } from "./sidebar";

const icons = { list: ListFilter, board: Kanban, calendar: CalendarRange };

/** The user's saved views in the navigation. */
export function SavedViewList({ current }: { current: string | null }) {
  const views = useSavedViews();
  if (views.length === 0) return null;
  return (
    <section>
      <h2 className="flex min-h-7 items-center px-2.5 pb-0.5 text-xs font-medium tracking-normal text-ink-3">
        {words.views()}
      </h2>
      <ul className="space-y-0.5">
        {views.map(({ id, name, layout }) => {
          const Icon = icons[layout];
          return (
            <li key={id}>
              <NavLink
                href={taskHref({ saved: id })}
                aria-current={current === id ? "page" : undefined}
                className={itemStyles(current === id)}
              >
                <Icon />
                <span className="min-w-0 flex-1 truncate" dir="auto">
                  {name}
                </span>
              </NavLink>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
