"use client";

import { Archive, ArchiveRestore, Ellipsis, ListPlus, Merge, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import * as words from "@/messages/labels";
import { LazyMenu } from "@/components/ui/lazy-menu";
import { MenuContent, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { addTo, rename } from "@/messages/sections";
import { moveLabel, orSayWhy, updateLabel } from "./actions";
import { LabelDialogs, type LabelQuestion } from "./label-dialogs";
import { LabelMoves } from "./label-moves";
import type { Label } from "./labels";
import type { AnyLabelKind } from "./relabel";
import { useAllLabels } from "./use-labels";

interface LabelMenuProps {
  kind: AnyLabelKind;
  label: Label;
  /** Where the menu stands under its button: away from the nearer edge of the page. */
  align?: "start" | "end";
  /** The labels stand side by side, as the columns of a board. */
  sideBySide?: boolean;
  /** Shows the dialog of an item, where the menu may be gone before its dialog is. */
  onAsk?: (question: LabelQuestion) => void;
  className?: string;
}

/** What can be done with a project, a section or a tag. */
export function LabelMenu({ kind, label, align = "start", sideBySide, onAsk, className }: LabelMenuProps) {
  const [asked, setAsked] = useState<LabelQuestion | null>(null);
  const ask = onAsk ?? setAsked;
  const listed = useAllLabels()[kind].filter(
    ({ archived, project_id }) => !archived && project_id === label.project_id,
  );
  const at = listed.findIndex(({ id }) => id === label.id);
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
          <MenuItem onSelect={() => ask("edit")}>
            <Pencil />
            {kind === "section" ? rename() : words.editDots()}
          </MenuItem>
          <LabelMoves at={at} count={listed.length} sideBySide={sideBySide} onMove={move} />
          {kind === "project" ? (
            <MenuItem onSelect={() => ask("section")}>
              <ListPlus />
              {addTo()}
            </MenuItem>
          ) : null}
          <MenuItem onSelect={() => ask("merge")}>
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
          <MenuItem danger onSelect={() => ask("delete")}>
            <Trash2 />
            {words.deleteDots()}
          </MenuItem>
        </MenuContent>
      </LazyMenu>
      {asked ? <LabelDialogs {...{ kind, label }} question={asked} onDone={() => setAsked(null)} /> : null}
    </>
  );
}
