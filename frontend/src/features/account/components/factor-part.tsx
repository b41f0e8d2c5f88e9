import type { ReactNode } from "react";

interface FactorPartProps {
  title: string;
  text: string;
  /** Its button. */
  action?: ReactNode;
  children?: ReactNode;
}

/** One kind of factor. */
export function FactorPart({ title, text, action, children }: FactorPartProps) {
  return (
    <div className="rounded-xl border border-line bg-surface">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-4 py-3.5">
        <div className="min-w-0 flex-1 basis-52">
          <h3 className="font-medium">{title}</h3>
          <p className="mt-0.5 text-sm text-ink-2">{text}</p>
        </div>
        {action}
      </div>
      {children}
    </div>
  );
}
