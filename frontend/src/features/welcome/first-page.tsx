"use client";

import type { ReactNode } from "react";
import { lazyPart } from "@/lib/lazy-part";
import { useSession } from "@/lib/session/use-session";
import { useLanguage } from "@/lib/words/use-language";
import * as words from "@/messages/firstPage";

// The build has rendered it in English: only other languages need its code.
const Welcome = lazyPart(() => import("./welcome").then((m) => m.Welcome));

/** What visitors see, or the title of the app. The file of the page has both, until the session is known. */
export function FirstPage({ welcome, children }: { welcome: ReactNode; children: ReactNode }) {
  const { status } = useSession();
  const english = useLanguage() === "en";
  return (
    <>
      {status === "in" ? null : <div className="hidden visitor:block">{english ? welcome : <Welcome />}</div>}
      {status === "out" ? <title>{words.title()}</title> : null}
      {status === "out" ? null : children}
    </>
  );
}
