"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { focusIfFree } from "@/lib/focus-if-free";
import { isWithin } from "@/lib/is-within";
import type { CommandId } from "@/lib/keys/commands";
import { keymap } from "@/lib/keys/keymap";
import { nameOf } from "@/lib/keys/pressed";
import * as words from "@/messages/sections";
import { moveLabel, orSayWhy } from "../../labels/actions";
import { LabelMenu } from "../../labels/label-menu";
import { sectionQuestion } from "../../labels/section-question";
import { useSections } from "../../labels/use-labels";
import { setCollapsed } from "../../sections";
import type { TaskQuery } from "../../view/query";
import type { SectionRow } from "../../view/section-rows";
import { AddSection } from "./add-section";
import { SectionAdd } from "./section-add";

export { SectionDialogs } from "./section-dialogs"; // in the chunk of the rows that open them

interface ListSectionProps {
  row: SectionRow;
  index: number;
  query: TaskQuery;
}

/** A row of a project's list that is about a section: its heading, or where a task or another section is added. */
export function ListSection({ row, index, query }: ListSectionProps) {
  const project = query.project ?? "";
  return (
    <div role="row" aria-rowindex={index + 1} className="h-full">
      <div role="gridcell" className="flex h-full items-center gap-1 px-1">
        {row.kind === "section" ? (
          <Heading row={row} query={query} />
        ) : row.kind === "add" ? (
          <SectionAdd project={project} section={row.section} query={query} />
        ) : (
          <AddSection project={project} />
        )}
      </div>
    </div>
  );
}

function Heading({ row, query }: { row: Extract<SectionRow, { kind: "section" }>; query: TaskQuery }) {
  const { section, count, collapsed } = row;
  const Icon = collapsed ? ChevronRight : ChevronDown;
  const heading = useRef<HTMLDivElement>(null);
  const list = useSections(query.project);
  /** The keys that move a task move the section while one of its buttons has the focus, not an item of its menu. */
  function onKeyDown(event: KeyboardEvent) {
    if (!isWithin(event)) return;
    const pressed = nameOf(event.nativeEvent);
    const has = (command: CommandId) => pressed !== null && keymap.of(command).includes(pressed);
    const by = has("moveUp") ? -1 : has("moveDown") ? 1 : 0;
    const to = list.findIndex(({ id }) => id === section.id) + by;
    if (by === 0) return;
    event.preventDefault();
    if (event.repeat || to < 0 || to >= list.length) return;
    orSayWhy(moveLabel("section", section, list, to));
    // Moving the row takes the focus from what is in it.
    const focused = document.activeElement;
    requestAnimationFrame(() => {
      if (focused instanceof HTMLElement && heading.current?.contains(focused)) focusIfFree(focused, focused);
    });
  }
  return (
    <div ref={heading} className="contents" onKeyDown={onKeyDown}>
      <button
        type="button"
        aria-expanded={!collapsed}
        aria-label={
          collapsed ? words.expand({ section: section.name }) : words.collapse({ section: section.name })
        }
        onClick={() => setCollapsed(query, section.id, !collapsed)}
        className="grid size-7 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:size-11"
      >
        <Icon className="size-4 rtl:-scale-x-100" />
      </button>
      <h2 className="flex min-w-0 items-baseline gap-2 text-[0.8125rem] font-semibold text-ink-2">
        <span className="truncate" dir="auto">
          {section.name}
        </span>
        <span className="tabular font-normal text-ink-3">{count}</span>
      </h2>
      <span className="flex-1" />
      <LabelMenu
        kind="section"
        label={section}
        align="end"
        onAsk={(question) => sectionQuestion.ask({ section, question })}
      />
    </div>
  );
}
