"use client";

import { lazyPart } from "@/lib/lazy-part";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useSetTaskQuery, type View } from "@/features/tasks";
import { onKeyHelp } from "@/lib/keys/help";
import { useKeys } from "@/lib/keys/use-keys";
import { navItems } from "./nav-items";

const Palette = lazyPart(() => import("./palette").then((m) => m.Palette));
const KeyHelp = lazyPart(() => import("./key-help").then((m) => m.KeyHelp));

/** The keyboard shortcuts of all pages, and the overlays that they open. */
export function GlobalKeys() {
  const [open, setOpen] = useState<"palette" | "help" | null>(null);
  const router = useRouter();
  const setQuery = useSetTaskQuery();
  const go = (view: View) =>
    setQuery({ view, project: null, tag: null, q: "", priority: null, sort: null, task: null });
  const group = "Everywhere";
  useEffect(() => onKeyHelp(() => setOpen("help")), []);
  useKeys([
    { keys: "mod+k", label: "Find anything", group, whileTyping: true, run: () => setOpen("palette") },
    { keys: "?", label: "Show the keys", group, run: () => setOpen("help") },
    ...navItems.map(({ view, label, keys }) => ({ keys, label, group: "Go to", run: () => go(view) })),
    { keys: "g s", label: "Settings", group: "Go to", run: () => router.push("/settings") },
  ]);
  const change = (next: "palette" | "help") => (shown: boolean) => setOpen(shown ? next : null);
  return (
    <>
      {open === "palette" ? (
        <Palette onOpenChange={change("palette")} onHelp={() => setOpen("help")} />
      ) : null}
      {open === "help" ? <KeyHelp onOpenChange={change("help")} /> : null}
    </>
  );
}
