"use client";

import { cn } from "@/lib/cn";
import { useHydrated } from "@/lib/use-hydrated";
import { Button, type ButtonProps } from "./button";

/**
 * Sends a form that is in the exported HTML of a page. Until the page's scripts run it is disabled, and so is Enter in the
 * form's fields: the browser would send the form itself and load the page anew. It looks enabled, so that nothing flashes.
 */
export function SubmitButton({ disabled = false, className, ...props }: Omit<ButtonProps, "type">) {
  const hydrated = useHydrated();
  return (
    <Button
      type="submit"
      look="primary"
      disabled={disabled || !hydrated}
      className={cn(!hydrated && "disabled:opacity-100", className)}
      {...props}
    />
  );
}
