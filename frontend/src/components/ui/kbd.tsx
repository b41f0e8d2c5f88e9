import type { ReactNode } from "react";

/** A key. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-md border border-line-2 bg-surface px-1 font-sans text-[0.6875rem] font-medium text-ink-2">
      {children}
    </kbd>
  );
}
