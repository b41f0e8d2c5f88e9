"use client";

import { lazyDialog } from "@/components/ui/lazy-dialog";
import { createContext, type ReactNode, useContext, useState } from "react";

const Drawer = lazyDialog(() => import("./drawer-panel").then((m) => m.Drawer));

const DrawerContext = createContext<() => void>(() => {});

/** Opens the navigation on screens that are too narrow for the sidebar. */
export const useDrawer = () => useContext(DrawerContext);

export function DrawerProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <DrawerContext value={() => setOpen(true)}>
      {children}
      {open ? <Drawer onClose={() => setOpen(false)} /> : null}
    </DrawerContext>
  );
}
