"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { add } from "@/messages/sections";
import { SectionDialog } from "../../labels/section-dialog";

/** Adds a section to a project. */
export function AddSection({ project }: { project: string }) {
  const [adding, setAdding] = useState(false);
  return (
    <>
      <Button look="ghost" size="sm" className="text-ink-3" onClick={() => setAdding(true)}>
        <Plus />
        {add()}
      </Button>
      {adding ? <SectionDialog section={{ project }} onDone={() => setAdding(false)} /> : null}
    </>
  );
}
