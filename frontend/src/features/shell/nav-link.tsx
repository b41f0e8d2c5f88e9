"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ComponentProps, MouseEvent } from "react";
import { address } from "@/lib/address";

/**
 * A link to a view of the tasks. It only changes the address: all views share one page, so nothing is fetched, and it
 * works offline.
 */
export function NavLink({ href, onClick, ...props }: ComponentProps<typeof Link> & { href: string }) {
  const onTasks = usePathname() === "/";
  return (
    <Link
      href={href}
      prefetch={false}
      onClick={(event: MouseEvent<HTMLAnchorElement>) => {
        onClick?.(event);
        const plain =
          event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        if (!onTasks || !plain || event.defaultPrevented) return;
        event.preventDefault();
        address.go(href);
      }}
      {...props}
    />
  );
}
