"use client";

import { ArrowDown, ArrowUp, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import * as words from "@/messages/sections";
import type { Label } from "../../labels/labels";
import { deleteSection, moveSection } from "../../labels/section-actions";
import { useSections } from "../../labels/use-labels";
import { SectionDialog } from "./section-dialog";

/** What can be done with a section of a project. */
export function SectionMenu({ section, project }: { section: Label; project: string }) {
  const [renaming, setRenaming] = useState(false);
  const list = useSections(project);
  const at = list.findIndex(({ id }) => id === section.id);
  return (
    <>
      <Menu>
        <MenuTrigger
          aria-label={words.actions({ section: section.name })}
          className="grid size-7 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:size-11"
        >
          <Ellipsis className="size-4" />
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={() => setRenaming(true)}>
            <Pencil />
            {words.rename()}
          </MenuItem>
          {at > 0 ? (
            <MenuItem onSelect={() => moveSection(section, list, at - 1)}>
              <ArrowUp />
              {words.moveUp()}
            </MenuItem>
          ) : null}
          {at >= 0 && at < list.length - 1 ? (
            <MenuItem onSelect={() => moveSection(section, list, at + 1)}>
              <ArrowDown />
              {words.moveDown()}
            </MenuItem>
          ) : null}
          <MenuSeparator />
          <MenuItem danger onSelect={() => deleteSection(section)}>
            <Trash2 />
            {words.remove()}
          </MenuItem>
        </MenuContent>
      </Menu>
      {renaming ? (
        <SectionDialog project={project} section={section} onDone={() => setRenaming(false)} />
      ) : null}
    </>
  );
}
