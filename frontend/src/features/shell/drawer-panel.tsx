"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { Dialog as Radix } from "radix-ui";
import { Suspense, useEffect, useState } from "react";
import * as words from "@/messages/shellLater";
import { Sidebar } from "./sidebar";

/** The navigation as an overlay. */
export function Drawer({ close }: { close: () => void }) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && close()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/35 data-[state=open]:animate-fade lg:hidden" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 start-0 z-50 w-[18rem] max-w-[85vw] bg-paper pt-[env(safe-area-inset-top)] pb-[env(safe-area-inset-bottom)] shadow-2 outline-none data-[state=open]:animate-fade lg:hidden ltr:pl-[env(safe-area-inset-left)] rtl:pr-[env(safe-area-inset-right)]"
        >
          <Radix.Title className="sr-only">{words.navigation()}</Radix.Title>
          <Suspense>
            <CloseOnNavigation close={close} />
          </Suspense>
          <Sidebar />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
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
