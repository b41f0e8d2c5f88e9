"use client";

import { lazyPart } from "@/lib/lazy-part";
import { createContext, type ReactNode, useContext, useState } from "react";

const Drawer = lazyPart(() => import("./drawer-panel").then((m) => m.Drawer));

const DrawerContext = createContext<() => void>(() => {});

/** Opens the navigation on screens that are too narrow for the sidebar. */
export const useDrawer = () => useContext(DrawerContext);

export function DrawerProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <DrawerContext value={() => setOpen(true)}>
      {children}
      {open ? <Drawer close={() => setOpen(false)} /> : null}
    </DrawerContext>
  );
}
