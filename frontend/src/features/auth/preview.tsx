"use client";

import * as words from "@/messages/auth";
import * as examples from "@/messages/examples";

const tasks = [
  { title: examples.plants, note: examples.plantsWhen, done: true, ring: "" },
  { title: examples.rent, note: examples.rentWhen, done: false, ring: "border-high" },
  { title: examples.call, note: examples.callWhen, done: false, ring: "border-line-2" },
];

/** What a list looks like, beside the forms. */
export function Preview() {
  return (
    <div className="w-[26rem] max-w-full px-8">
      <p className="text-[2rem] leading-[1.15] font-semibold tracking-[-0.025em] text-balance">
        {words.promise()}
      </p>
      <ul className="mt-10 space-y-3">
        {tasks.map(({ title, note, done, ring }) => (
          <li
            key={title()}
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
            <span className={done ? "flex-1 text-ink-3 line-through" : "flex-1"}>{title()}</span>
            <span className="text-sm text-ink-3">{note()}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
