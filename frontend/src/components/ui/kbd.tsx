import type { ReactNode } from "react";
import { keyParts, keysInWords } from "@/lib/keys/key-names";

/** A key. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-md border border-line-2 bg-surface px-1 font-sans text-[0.6875rem] font-medium text-ink-2">
      {children}
    </kbd>
  );
}

/** The keys of a command, such as `mod+k` or `g t`. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="flex shrink-0 gap-1">
      <span className="sr-only">{keysInWords(keys)}</span>
      <span aria-hidden className="flex gap-1">
        {keyParts(keys).map((key, i) => (
          <Kbd key={i}>{key}</Kbd>
        ))}
      </span>
    </span>
  );
}
