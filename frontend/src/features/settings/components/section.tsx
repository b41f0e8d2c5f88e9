import type { ReactNode } from "react";

interface SectionProps {
  title: string;
  text?: ReactNode;
  children: ReactNode;
}

/** A section of the settings: its description on the left, its controls on the right. */
export function Section({ title, text, children }: SectionProps) {
  return (
    <section className="grid gap-x-10 gap-y-4 border-t border-line py-7 first:border-t-0 first:pt-2 md:grid-cols-[13rem_minmax(0,1fr)]">
      <div>
        <h2 className="font-semibold">{title}</h2>
        {text ? <p className="mt-1 text-sm text-ink-2">{text}</p> : null}
      </div>
      <div className="min-w-0 space-y-5">{children}</div>
    </section>
  );
}

interface RowProps {
  label: string;
  /** The id of the labelled control. */
  id: string;
  hint?: ReactNode;
  children: ReactNode;
}

/** A label with its control beside it, or below it on narrow screens. */
export function SettingRow({ label, id, hint, children }: RowProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <div className="min-w-0 flex-1 basis-52">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {hint ? (
          <p id={`${id}-hint`} className="mt-0.5 text-sm text-ink-2">
            {hint}
          </p>
        ) : null}
      </div>
      {children}
    </div>
  );
}
