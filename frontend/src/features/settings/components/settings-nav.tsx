"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/lib/cn";

const pages = [
  { href: "/settings", label: "General" },
  { href: "/settings/tokens", label: "Access tokens" },
  { href: "/settings/connect", label: "Connect" },
];

export function SettingsNav() {
  const pathname = usePathname();
  return (
    <nav aria-label="Settings" className="mx-auto w-full max-w-4xl px-3 lg:px-6">
      <ul className="flex gap-1 border-b border-line">
        {pages.map(({ href, label }) => (
          <li key={href}>
            <Link
              href={href}
              prefetch={false}
              aria-current={pathname === href ? "page" : undefined}
              className={cn(
                "-mb-px block border-b-2 border-transparent px-2.5 py-2.5 text-sm text-ink-2 hover:text-ink sm:px-3",
                pathname === href && "border-accent font-medium text-ink",
              )}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
