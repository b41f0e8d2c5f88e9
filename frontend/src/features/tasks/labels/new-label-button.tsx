"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { newOne } from "@/messages/labels";
import { useSetTaskQuery } from "../hooks/use-task-query";
import { LabelDialog } from "./label-dialog";
import type { LabelKind } from "./relabel";

const cleared = {
  view: "all",
  project: null,
  tag: null,
  q: "",
  priority: null,
  sort: null,
  task: null,
} as const;

/** Makes a project or a tag, and shows its list. */
export function NewLabelButton({ kind }: { kind: LabelKind }) {
  const [open, setOpen] = useState(false);
  const go = useSetTaskQuery();
  return (
    <>
      <button
        type="button"
        aria-label={newOne({ kind })}
        title={newOne({ kind })}
        onClick={() => setOpen(true)}
        className="grid size-7 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:size-11"
      >
        <Plus className="size-4" />
      </button>
      {open ? (
        <LabelDialog
          kind={kind}
          onDone={(made) => {
            setOpen(false);
            if (made) go({ ...cleared, [kind]: made.name });
          }}
        />
      ) : null}
    </>
  );
}
