"use client";

import { Toaster as Sonner } from "sonner";

/** Shows toasts: above the thumb on a phone, in the corner elsewhere. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-center"
      offset={20}
      mobileOffset={{ bottom: "calc(4.75rem + env(safe-area-inset-bottom))" }}
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-center gap-3 rounded-xl border border-line-2 bg-raised px-4 py-3 text-sm text-ink shadow-2 sm:w-96",
          content: "min-w-0 flex-1",
          title: "font-medium wrap-anywhere line-clamp-3",
          description: "mt-0.5 text-ink-2 wrap-anywhere line-clamp-3",
          actionButton:
            "shrink-0 rounded-md px-2.5 py-1.5 font-semibold text-accent hover:bg-accent-wash focus-visible:outline-2",
          error: "border-danger/40",
        },
      }}
    />
  );
}
