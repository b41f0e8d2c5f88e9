"use client";

import type { ReactNode } from "react";
import { lazyPart } from "@/lib/lazy-part";
import { useLanguage } from "@/lib/words/use-language";

const NotFoundText = lazyPart(() => import("./not-found-text").then((m) => m.NotFoundText));

/** The text that the build has rendered in English. It is loaded for other languages only: it belongs to every page. */
export function NotFoundInLanguage({ children }: { children: ReactNode }) {
  return useLanguage() === "en" ? children : <NotFoundText />;
}
