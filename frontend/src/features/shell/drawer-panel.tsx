"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { Dialog as Radix } from "radix-ui";
import { Suspense, useEffect, useRef, useState } from "react";
import { useReturnFocus } from "@/components/ui/return-focus";
import * as words from "@/messages/shellLater";
import { Sidebar } from "./sidebar";

interface DrawerProps {
  onClose: () => void;
}

/** The navigation as an overlay. */
export function Drawer({ onClose }: DrawerProps) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/35 data-[state=open]:animate-fade lg:hidden" />
        <Content onClose={onClose} />
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Mounted when the drawer opens. */
function Content({ onClose }: DrawerProps) {
  const content = useRef<HTMLDivElement>(null);
  const returnFocus = useReturnFocus(content);
  return (
    <Radix.Content
      ref={content}
      aria-describedby={undefined}
      onCloseAutoFocus={returnFocus}
      className="fixed inset-y-0 start-0 z-50 w-[18rem] max-w-[85vw] bg-paper pt-[env(safe-area-inset-top)] pb-[env(safe-area-inset-bottom)] shadow-2 outline-none data-[state=open]:animate-fade lg:hidden ltr:pl-[env(safe-area-inset-left)] rtl:pr-[env(safe-area-inset-right)]"
    >
      <Radix.Title className="sr-only">{words.navigation()}</Radix.Title>
      <Suspense>
        <CloseOnNavigation close={onClose} />
      </Suspense>
      <Sidebar />
    </Radix.Content>
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
