"use client";

import { BookmarkPlus, ListFilter, ListPlus, Pencil, Rows3, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import * as sections from "@/messages/sections";
import { changeView, createView, deleteView } from "../change-views";
import { useDisplay } from "../hooks/use-display";
import { useSavedView } from "../hooks/use-saved-views";
import { useSetTaskQuery } from "../hooks/use-task-query";
import { SectionDialog } from "../labels/section-dialog";
import type { SavedView } from "../saved-views";
import { groupLabels, layoutLabels } from "../view/layout-labels";
import { type Group, groups, type Layout, layouts, plainQuery, sortOf, type TaskQuery } from "../view/query";
import { queryOfList } from "../view/query-of-list";
import { ViewDialog } from "./view-dialog";
import * as words from "@/messages/viewTools";

interface ViewToolsProps {
  query: TaskQuery;
  filtering: boolean;
  onFilter: () => void;
}

/** What else a list can be: filtered by a query, and grouped. */
export function ViewTools({ query, filtering, onFilter }: ViewToolsProps) {
  const setQuery = useSetTaskQuery();
  const show = useDisplay(query);
  const view = useSavedView(query.saved);
  /** The view that is edited, as it was when that began. */
  const [asking, setAsking] = useState<"new" | SavedView | null>(null);
  const [addingSection, setAddingSection] = useState(false);
  const save = (fields: { name: string; query: string }) => {
    if (asking && asking !== "new") return changeView(asking.id, fields, asking);
    const { group, layout } = query;
    const display = { layout: layout ?? "list", group_by: group, sort: sortOf(query) };
    setQuery({ ...plainQuery, saved: createView({ ...fields, ...display }) });
  };
  return (
    <div className="flex gap-1">
      <Button
        look="ghost"
        size="icon-sm"
        aria-label={words.filter()}
        title={words.filter()}
        aria-pressed={filtering}
        disabled={query.saved !== null}
        className={cn(filtering && "bg-accent-wash text-ink")}
        onClick={onFilter}
      >
        <ListFilter />
      </Button>
      <Menu>
        <MenuTrigger asChild>
          <Button
            look="ghost"
            size="icon-sm"
            aria-label={words.display()}
            title={words.display()}
            className={cn((query.group || (query.layout ?? "list") !== "list") && "bg-accent-wash text-ink")}
          >
            <Rows3 />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuLabel>{words.layout()}</MenuLabel>
          <MenuRadioGroup
            value={query.layout ?? "list"}
            onValueChange={(value) => show({ layout: value as Layout })}
          >
            {layouts.map((layout) => (
              <MenuRadioItem key={layout} value={layout}>
                {layoutLabels[layout]()}
              </MenuRadioItem>
            ))}
          </MenuRadioGroup>
          <MenuSeparator />
          <MenuLabel>{words.groupBy()}</MenuLabel>
          <MenuRadioGroup
            value={query.group ?? "default"}
            onValueChange={(value) => show({ group: value === "default" ? null : (value as Group) })}
          >
            <MenuRadioItem value="default">{words.defaultGroups()}</MenuRadioItem>
            {groups.map((group) => (
              <MenuRadioItem key={group} value={group}>
                {groupLabels[group]()}
              </MenuRadioItem>
            ))}
          </MenuRadioGroup>
          <MenuSeparator />
          {view ? (
            <>
              <MenuItem onSelect={() => setAsking(view)}>
                <Pencil /> {words.editView()}
              </MenuItem>
              <MenuItem danger onSelect={() => deleteView(view.id)}>
                <Trash2 /> {words.deleteView()}
              </MenuItem>
            </>
          ) : (
            <MenuItem onSelect={() => setAsking("new")}>
              <BookmarkPlus /> {words.saveAsView()}
            </MenuItem>
          )}
          {query.project ? (
            <MenuItem onSelect={() => setAddingSection(true)}>
              <ListPlus /> {sections.addTo()}
            </MenuItem>
          ) : null}
        </MenuContent>
      </Menu>
      {addingSection && query.project ? (
        <SectionDialog section={{ project: query.project }} onDone={() => setAddingSection(false)} />
      ) : null}
      {asking ? (
        <ViewDialog
          title={asking === "new" ? words.saveAsView() : words.editView()}
          name={asking === "new" ? "" : asking.name}
          query={asking === "new" ? queryOfList(query) : asking.query}
          onSave={save}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </div>
  );
}
