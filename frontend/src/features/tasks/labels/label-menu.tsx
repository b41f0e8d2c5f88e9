"use client";

import {
  Archive,
  ArchiveRestore,
  ArrowDown,
  ArrowUp,
  Ellipsis,
  ListPlus,
  Merge,
  Pencil,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import * as words from "@/messages/labels";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu";
import { notify } from "@/lib/notify";
import { addTo } from "@/messages/sections";
import { between } from "../changes";
import { type LabelPatch, reasonOf, updateLabel } from "./actions";
import { DeleteLabelDialog } from "./delete-label-dialog";
import { SectionDialog } from "../components/sections/section-dialog";
import { LabelDialog } from "./label-dialog";
import type { Label } from "./labels";
import type { LabelKind } from "./relabel";
import { useAllLabels } from "./use-labels";

interface LabelMenuProps {
  kind: LabelKind;
  label: Label;
  className?: string;
}

/** What can be done with a project or a tag. */
export function LabelMenu({ kind, label, className }: LabelMenuProps) {
  const [dialog, setDialog] = useState<"edit" | "section" | "merge" | "delete" | null>(null);
  const listed = useAllLabels()[kind].filter(({ archived }) => !archived);
  const at = listed.findIndex(({ id }) => id === label.id);
  const close = () => setDialog(null);

  function update(patch: LabelPatch) {
    updateLabel(kind, label, patch).catch((error: unknown) =>
      notify((toast) => toast.error(words.failed(), { description: reasonOf(error) })),
    );
  }
  /** Puts it before the one that is at an index now. */
  function move(to: number) {
    const others = listed.filter(({ id }) => id !== label.id);
    update({ position: between(others[to - 1]?.position ?? null, others[to]?.position ?? null) });
  }

  return (
    <>
      <Menu>
        <MenuTrigger
          aria-label={words.actionsFor(label)}
          className={`grid size-7 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-line hover:text-ink pointer-coarse:size-11 ${className ?? ""}`}
        >
          <Ellipsis className="size-4" />
        </MenuTrigger>
        <MenuContent align="start">
          <MenuItem onSelect={() => setDialog("edit")}>
            <Pencil />
            {words.editDots()}
          </MenuItem>
          {at > 0 ? (
            <MenuItem onSelect={() => move(at - 1)}>
              <ArrowUp />
              {words.moveUp()}
            </MenuItem>
          ) : null}
          {at >= 0 && at < listed.length - 1 ? (
            <MenuItem onSelect={() => move(at + 1)}>
              <ArrowDown />
              {words.moveDown()}
            </MenuItem>
          ) : null}
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
          <MenuItem onSelect={() => update({ archived: !label.archived })}>
            {label.archived ? <ArchiveRestore /> : <Archive />}
            {label.archived ? words.unarchive() : words.archive()}
          </MenuItem>
          <MenuSeparator />
          <MenuItem danger onSelect={() => setDialog("delete")}>
            <Trash2 />
            {words.deleteDots()}
          </MenuItem>
        </MenuContent>
      </Menu>
      {dialog === "edit" ? <LabelDialog kind={kind} label={label} onDone={close} /> : null}
      {dialog === "section" ? <SectionDialog project={label.name} onDone={close} /> : null}
      {dialog === "merge" || dialog === "delete" ? (
        <DeleteLabelDialog kind={kind} label={label} merge={dialog === "merge"} onDone={close} />
      ) : null}
    </>
  );
}
