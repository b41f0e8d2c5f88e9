"use client";

import { Archive, ArchiveRestore, Ellipsis, ListPlus, Merge, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import * as words from "@/messages/labels";
import { LazyMenu } from "@/components/ui/lazy-menu";
import { MenuContent, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { addTo, rename } from "@/messages/sections";
import { moveLabel, orSayWhy, updateLabel } from "./actions";
import { DeleteLabelDialog } from "./delete-label-dialog";
import { LabelDialog } from "./label-dialog";
import { LabelMoves } from "./label-moves";
import type { Label } from "./labels";
import type { AnyLabelKind } from "./relabel";
import { SectionDialog } from "./section-dialog";
import { useAllLabels } from "./use-labels";

interface LabelMenuProps {
  kind: AnyLabelKind;
  label: Label;
  /** Where the menu stands under its button: away from the nearer edge of the page. */
  align?: "start" | "end";
  /** The labels stand side by side, as the columns of a board. */
  sideBySide?: boolean;
  className?: string;
}

/** What can be done with a project, a section or a tag. */
export function LabelMenu({ kind, label, align = "start", sideBySide, className }: LabelMenuProps) {
  const [dialog, setDialog] = useState<"edit" | "section" | "merge" | "delete" | null>(null);
  const listed = useAllLabels()[kind].filter(
    ({ archived, project_id }) => !archived && project_id === label.project_id,
  );
  const at = listed.findIndex(({ id }) => id === label.id);
  const close = () => setDialog(null);
  const move = (to: number) => orSayWhy(moveLabel(kind, label, listed, to));

  return (
    <>
      <LazyMenu
        trigger={(props) => (
          <button
            type="button"
            aria-label={words.actionsFor(label)}
            className={cn(
              "grid size-7 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-line hover:text-ink pointer-coarse:size-11",
              className,
            )}
            {...props}
          >
            <Ellipsis className="size-4" />
          </button>
        )}
      >
        <MenuContent align={align}>
          <MenuItem onSelect={() => setDialog("edit")}>
            <Pencil />
            {kind === "section" ? rename() : words.editDots()}
          </MenuItem>
          <LabelMoves at={at} count={listed.length} sideBySide={sideBySide} onMove={move} />
          {kind === "project" ? (
            <MenuItem onSelect={() => setDialog("section")}>
              <ListPlus />
              {addTo()}
            </MenuItem>
          ) : null}
          <MenuItem onSelect={() => setDialog("merge")}>
            <Merge />
            {words.mergeInto()}
          </MenuItem>
          {kind === "section" ? null : (
            <MenuItem onSelect={() => orSayWhy(updateLabel(kind, label, { archived: !label.archived }))}>
              {label.archived ? <ArchiveRestore /> : <Archive />}
              {label.archived ? words.unarchive() : words.archive()}
            </MenuItem>
          )}
          <MenuSeparator />
          <MenuItem danger onSelect={() => setDialog("delete")}>
            <Trash2 />
            {words.deleteDots()}
          </MenuItem>
        </MenuContent>
      </LazyMenu>
      {dialog === "edit" && kind !== "section" ? (
        <LabelDialog kind={kind} label={label} onDone={close} />
      ) : null}
      {dialog === "edit" && kind === "section" ? <SectionDialog section={label} onDone={close} /> : null}
      {dialog === "section" ? <SectionDialog section={{ project: label.name }} onDone={close} /> : null}
      {dialog === "merge" || dialog === "delete" ? (
        <DeleteLabelDialog kind={kind} label={label} merge={dialog === "merge"} onDone={close} />
      ) : null}
    </>
  );
}
