"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/lib/cn";
import * as shell from "@/messages/shell";
import * as words from "@/messages/titles";

const pages = [
  { href: "/settings", label: words.general },
  { href: "/settings/keyboard", label: shell.keyboard },
  { href: "/settings/security", label: words.security },
  { href: "/settings/tokens", label: words.accessTokens },
  { href: "/settings/connect", label: words.connect },
  { href: "/settings/data", label: words.data },
];

/** On a phone the last pages are out of sight. */
const intoView = (link: HTMLAnchorElement | null) =>
  link?.scrollIntoView({ block: "nearest", inline: "center" });

export function SettingsNav() {
  const pathname = usePathname();
  return (
    <nav aria-label={shell.settings()} className="mx-auto w-full max-w-4xl px-3 lg:px-6">
      <ul className="flex gap-1 overflow-x-auto shadow-[inset_0_-1px_var(--line)]">
        {pages.map(({ href, label }) => (
          <li key={href}>
            <Link
              ref={pathname === href ? intoView : undefined}
              href={href}
              prefetch={false}
              aria-current={pathname === href ? "page" : undefined}
              className={cn(
                "flex items-center border-b-2 border-transparent px-2.5 py-2.5 text-sm whitespace-nowrap text-ink-2 hover:text-ink sm:px-3 pointer-coarse:min-h-11",
                pathname === href && "border-accent font-medium text-ink",
              )}
            >
              {label()}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
