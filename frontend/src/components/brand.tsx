import { cn } from "@/lib/cn";

/** The logo: a wire that ends in a check mark. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={cn("size-7", className)}>
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <path
        d="M4 20.5h3.2c1.5 0 2.4-.9 3.2-2l.4-.6 3.9 4.3L24 10.6"
        fill="none"
        className="stroke-accent-ink"
        strokeWidth="2.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function Brand({ className }: { className?: string }) {
  return (
    <span className={cn("flex items-center gap-2.5", className)}>
      <Mark />
      <span className="text-[1.0625rem] font-semibold tracking-[-0.02em]">Taskwire</span>
    </span>
  );
}
