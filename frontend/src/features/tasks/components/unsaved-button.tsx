"use client";

import { TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { useTasks } from "../hooks/use-tasks";
import { onOpenUnsaved } from "../unsaved";
import { UnsavedList } from "./unsaved-list";
import * as words from "@/messages/unsaved";

/** Shows that changes could not be saved, and opens their list. */
export function UnsavedButton() {
  const { unsaved } = useTasks();
  const [open, setOpen] = useState(false);
  useEffect(() => onOpenUnsaved(() => setOpen(true)), []);
  return (
    <>
      {unsaved.length > 0 ? (
        <Button look="danger" size="sm" className="rounded-full" onClick={() => setOpen(true)}>
          <TriangleAlert />
          <span>
            {words.notSaved({
              count: unsaved.length,
              wide: (text) => <span className="max-sm:sr-only">{text}</span>,
            })}
          </span>
        </Button>
      ) : null}
      {open ? <UnsavedList onOpenChange={setOpen} /> : null}
    </>
  );
}
