import { type ComponentProps, useId } from "react";
import { cn } from "@/lib/cn";

export const inputStyles =
  "w-full min-w-0 rounded-lg border border-line-2 bg-raised px-3 text-ink shadow-1 placeholder:text-ink-3 " +
  "focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-0 " +
  "aria-invalid:border-danger disabled:opacity-60";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(inputStyles, "h-10 pointer-coarse:h-11", className)} {...props} />;
}

type FieldProps = ComponentProps<"input"> & {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
};

/** A labelled input with its error. */
export function Field({ label, hint, error, id, ...props }: FieldProps) {
  const made = useId();
  const own = id ?? made;
  const note = error ?? hint;
  return (
    <div>
      <label htmlFor={own} className="mb-1.5 block text-sm font-medium">
        {label}
      </label>
      <Input
        id={own}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? `${own}-note` : undefined}
        {...props}
      />
      {note ? (
        <p id={`${own}-note`} className={cn("mt-1.5 text-sm", error ? "text-danger" : "text-ink-3")}>
          {note}
        </p>
      ) : null}
    </div>
  );
}
