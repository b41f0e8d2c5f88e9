"use client";

import { Dialog as Radix } from "radix-ui";
import { usePathname, useSearchParams } from "next/navigation";
import { createContext, type ReactNode, Suspense, useContext, useEffect, useState } from "react";
import { Sidebar } from "./sidebar";

const DrawerContext = createContext<() => void>(() => {});

/** Opens the navigation where there is no room to have it beside the page. */
export const useDrawer = () => useContext(DrawerContext);

export function DrawerProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <DrawerContext value={() => setOpen(true)}>
      {children}
      <Radix.Root open={open} onOpenChange={setOpen}>
        <Radix.Portal>
          <Radix.Overlay className="fixed inset-0 z-40 bg-black/35 data-[state=open]:animate-fade lg:hidden" />
          <Radix.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-50 w-[18rem] max-w-[85vw] bg-paper shadow-2 outline-none data-[state=open]:animate-fade lg:hidden"
          >
            <Radix.Title className="sr-only">Navigation</Radix.Title>
            <Suspense>
              <CloseOnNavigation close={() => setOpen(false)} />
            </Suspense>
            <Sidebar />
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </DrawerContext>
  );
}

function CloseOnNavigation({ close }: { close: () => void }) {
  const pathname = usePathname();
  const params = useSearchParams();
  const [address] = useState(`${pathname}?${params}`);
  const moved = address !== `${pathname}?${params}`;
  useEffect(() => {
    if (moved) close();
  }, [moved, close]);
  return null;
}
