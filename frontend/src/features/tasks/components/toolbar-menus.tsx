"use client";

import { MenuContent, MenuRadioGroup, MenuRadioItem } from "@/components/ui/menu";
import { useDisplay } from "../hooks/use-display";
import { useSetTaskQuery } from "../hooks/use-task-query";
import { type Priority, priorities } from "../task";
import { priorityLabels, sortLabels } from "../view/labels";
import { type Sort, sortOf, sorts, type TaskQuery } from "../view/query";
import * as words from "@/messages/viewTools";

export function PriorityItems({ query }: { query: TaskQuery }) {
  const setQuery = useSetTaskQuery();
  return (
    <MenuContent align="end">
      <MenuRadioGroup
        value={query.priority ?? "any"}
        onValueChange={(value) => setQuery({ priority: value === "any" ? null : (value as Priority) })}
      >
        <MenuRadioItem value="any">{words.anyPriority()}</MenuRadioItem>
        {priorities.toReversed().map((priority) => (
          <MenuRadioItem key={priority} value={priority}>
            {priorityLabels[priority]()}
          </MenuRadioItem>
        ))}
      </MenuRadioGroup>
    </MenuContent>
  );
}

export function OrderItems({ query }: { query: TaskQuery }) {
  const show = useDisplay(query);
  const offered = sorts.filter((s) => (s === "-completed_at" ? query.view === "completed" : true));
  return (
    <MenuContent align="end">
      <MenuRadioGroup value={sortOf(query)} onValueChange={(value) => show({ sort: value as Sort })}>
        {offered.map((one) => (
          <MenuRadioItem key={one} value={one}>
            {sortLabels[one]()}
          </MenuRadioItem>
        ))}
      </MenuRadioGroup>
    </MenuContent>
  );
}
