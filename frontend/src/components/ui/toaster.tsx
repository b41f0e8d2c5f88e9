"use client";

import { useEffect } from "react";
import { Toaster as Sonner } from "sonner";
import { toasterReady } from "@/lib/notify";

const title = "font-medium wrap-anywhere line-clamp-3";
const description = "mt-0.5 text-ink-2 wrap-anywhere line-clamp-3";

/** Shows toasts, above the bar for selected tasks. */
export function Toaster() {
  useEffect(toasterReady, []);
  return (
    <Sonner
      position="bottom-center"
      offset={{ bottom: "5rem" }}
      mobileOffset={{ bottom: "calc(4.75rem + env(safe-area-inset-bottom))" }}
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-center gap-3 rounded-xl border border-line-2 bg-raised px-4 py-3 text-sm text-ink shadow-2 sm:w-96",
          content: "min-w-0 flex-1",
          title,
          description,
          actionButton:
            "shrink-0 rounded-md px-2.5 py-1.5 pointer-coarse:-my-2 pointer-coarse:min-h-11 font-semibold text-accent hover:bg-accent-wash focus-visible:outline-2",
          error: "border-danger/40",
        },
      }}
    />
  );
}
