"use client";

import { ChevronDown, ChevronRight, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import * as words from "@/messages/sections";
import { listMemory } from "../../list-memory";
import type { TaskQuery } from "../../view/query";
import type { SectionRow } from "../../view/section-rows";
import { SectionAdd } from "./section-add";
import { SectionDialog } from "./section-dialog";
import { SectionMenu } from "./section-menu";

interface ListSectionProps {
  row: SectionRow;
  index: number;
  query: TaskQuery;
}

/** A row of a project's list that is about a section: its heading, or where a task or another section is added. */
export function ListSection({ row, index, query }: ListSectionProps) {
  const [adding, setAdding] = useState(false);
  const project = query.project ?? "";
  return (
    <div role="row" aria-rowindex={index + 1} className="h-full">
      <div role="gridcell" className="flex h-full items-center gap-1 px-1">
        {row.kind === "section" ? (
          <Heading row={row} query={query} />
        ) : row.kind === "add" ? (
          <SectionAdd project={project} section={row.section.name} query={query} />
        ) : (
          <Button look="ghost" size="sm" className="text-ink-3" onClick={() => setAdding(true)}>
            <Plus />
            {words.add()}
          </Button>
        )}
      </div>
      {adding ? <SectionDialog project={project} onDone={() => setAdding(false)} /> : null}
    </div>
  );
}

function Heading({ row, query }: { row: Extract<SectionRow, { kind: "section" }>; query: TaskQuery }) {
  const { section, count, collapsed } = row;
  const Icon = collapsed ? ChevronRight : ChevronDown;
  function toggle() {
    const others = (listMemory.of(query).collapsed ?? []).filter((id) => id !== section.id);
    listMemory.remember(query, { collapsed: collapsed ? others : [...others, section.id] });
  }
  return (
    <>
      <button
        type="button"
        aria-expanded={!collapsed}
        aria-label={
          collapsed ? words.expand({ section: section.name }) : words.collapse({ section: section.name })
        }
        onClick={toggle}
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
      <SectionMenu section={section} project={query.project ?? ""} />
    </>
  );
}
