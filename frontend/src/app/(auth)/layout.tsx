import type { ReactNode } from "react";
import { Brand } from "@/components/brand";

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <div className="flex flex-col px-6 py-8 sm:px-10">
        <Brand />
        <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center py-10">{children}</main>
      </div>
      <aside className="hidden border-l border-line bg-sunken lg:grid lg:place-items-center" aria-hidden>
        <div className="w-[26rem] max-w-full px-8">
          <p className="text-[2rem] leading-[1.15] font-semibold tracking-[-0.025em] text-balance">
            Write it down once. See it everywhere.
          </p>
          <ul className="mt-10 space-y-3">
            {preview.map(({ title, note, done, ring }) => (
              <li
                key={title}
                className="flex items-center gap-3 rounded-xl border border-line bg-surface px-4 py-3 shadow-1"
              >
                <span
                  className={`grid size-[1.125rem] place-items-center rounded-full border-[1.75px] ${done ? "border-accent bg-accent" : ring}`}
                >
                  {done ? (
                    <svg viewBox="0 0 12 12" className="size-2.5 fill-none stroke-accent-ink" strokeWidth="2">
                      <path d="M2.5 6.4 5 8.8l4.6-5.4" strokeLinecap="round" strokeLinejoin="round" />
                    </svg>
                  ) : null}
                </span>
                <span className={done ? "flex-1 text-ink-3 line-through" : "flex-1"}>{title}</span>
                <span className="text-sm text-ink-3">{note}</span>
              </li>
            ))}
          </ul>
        </div>
      </aside>
    </div>
  );
}

const preview = [
  { title: "Water the plants", note: "every Monday", done: true, ring: "" },
  { title: "Pay the rent", note: "1st, 09:00", done: false, ring: "border-high" },
  { title: "Call Grandmother", note: "Sunday", done: false, ring: "border-line-2" },
];
