import { History, RefreshCw, Type } from "lucide-react";
import Link from "next/link";
import { Brand } from "@/components/brand";
import { buttonStyles } from "@/components/ui/button";
import * as common from "@/messages/common";
import * as words from "@/messages/welcome";
import { Sample } from "./sample";

/** The first page, for users who are not signed in. */
export function Welcome() {
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-6 pt-[max(1rem,env(safe-area-inset-top))] pb-[max(1.5rem,env(safe-area-inset-bottom))] sm:px-10">
      <div className="flex items-center justify-between gap-4">
        <Brand />
        <Link href="/sign-in" prefetch={false} className={buttonStyles({ look: "ghost" })}>
          {common.signIn()}
        </Link>
      </div>
      <div className="grid flex-1 content-center items-center gap-x-16 gap-y-10 py-10 lg:grid-cols-2">
        <div>
          <h1 className="text-4xl leading-[1.1] font-semibold tracking-[-0.03em] text-balance sm:text-5xl">
            {words.heading()}
          </h1>
          <p className="mt-5 max-w-md text-lg text-ink-2">{words.text()}</p>
          <div className="mt-8 flex flex-wrap items-center gap-3">
            <Link href="/sign-up" prefetch={false} className={buttonStyles({ look: "primary", size: "lg" })}>
              {words.signUp()}
            </Link>
            <Link href="/sign-in" prefetch={false} className={buttonStyles({ size: "lg" })}>
              {common.signIn()}
            </Link>
          </div>
        </div>
        <Sample />
      </div>
      <ul className="grid gap-x-10 gap-y-6 border-t border-line pt-8 sm:grid-cols-3">
        {strengths.map(({ icon: Icon, title, text }) => (
          <li key={title()}>
            <h2 className="flex items-center gap-2 font-semibold">
              <Icon className="size-4.5 text-accent" aria-hidden />
              {title()}
            </h2>
            <p className="mt-1.5 text-sm text-ink-2">{text()}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}

const strengths = [
  { icon: Type, title: words.plainWords, text: words.plainWordsText },
  { icon: RefreshCw, title: words.everyDevice, text: words.everyDeviceText },
  { icon: History, title: words.nothingLost, text: words.nothingLostText },
];
