"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { plainQuery, redoLast, undoLast, useSetTaskQuery, type View } from "@/features/tasks";
import { onKeyHelp } from "@/lib/keys/help";
import { useKeys } from "@/lib/keys/use-keys";
import { navItems } from "./nav-items";

const Palette = lazyDialog(() => import("./palette").then((m) => m.Palette));
const KeyHelp = lazyDialog(() => import("./key-help").then((m) => m.KeyHelp));

/** The keyboard shortcuts of all pages, and the overlays that they open. */
export function GlobalKeys() {
  const [open, setOpen] = useState<"palette" | "help" | null>(null);
  const router = useRouter();
  const setQuery = useSetTaskQuery();
  const go = (view: View) => setQuery({ ...plainQuery, view });
  useEffect(() => onKeyHelp(() => setOpen("help")), []);
  useKeys([
    { command: "find", whileTyping: true, run: () => setOpen("palette") },
    { command: "undo", run: undoLast },
    { command: "redo", run: redoLast },
    { command: "keys", run: () => setOpen("help") },
    ...navItems.map(({ view }) => ({ command: `go.${view}` as const, run: () => go(view) })),
    { command: "go.trash", run: () => router.push("/trash") },
    { command: "go.settings", run: () => router.push("/settings") },
  ]);
  const close = () => setOpen(null);
  return (
    <>
      {open === "palette" ? <Palette onClose={close} /> : null}
      {open === "help" ? <KeyHelp onClose={close} /> : null}
    </>
  );
}
