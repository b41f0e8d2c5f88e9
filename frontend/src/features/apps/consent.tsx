"use client";

import { ShieldAlert, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState, useSyncExternalStore } from "react";
import { PageTitle } from "@/components/page-title";
import { Button, buttonStyles } from "@/components/ui/button";
import { Switch } from "@/components/ui/switch";
import { explain } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";
import { useSession } from "@/lib/session/use-session";
import type { Tag } from "@/lib/words/rich-message";
import * as common from "@/messages/common";
import * as words from "@/messages/consent";
import { useAnswer, useConsent } from "./api";

const name: Tag = (text) => <bdi>{text}</bdi>;
const strong: Tag = (text) => <strong className="font-medium">{text}</strong>;

const never = () => () => {};

/** Asks the user what an app may do. It is the authorization endpoint of OAuth: the query is the app's request. */
export function Consent() {
  return (
    <>
      <PageTitle>{words.pageTitle()}</PageTitle>
      <Answer />
    </>
  );
}

function Answer() {
  const { status, account } = useSession();
  const router = useRouter();
  const request = useSyncExternalStore(
    never,
    () => location.search.slice(1),
    () => null,
  );
  const { data, error } = useConsent(status === "in" ? request : null);
  const answer = useAnswer();
  const [gone, setGone] = useState(false);

  useEffect(() => {
    if (status === "out")
      router.replace(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  }, [status, router]);
  useEffect(() => {
    if (data?.redirect) location.replace(data.redirect);
  }, [data]);

  if (error) return <Refused text={explain(error)} />;
  if (!data?.name || !account) return <p className="text-ink-2">{common.loading()}</p>;
  if (gone) return <Gone app={data.name} />;

  const decide = (allow: boolean, write: boolean) =>
    answer.mutate(
      { request: request ?? "", allow, write },
      {
        onSuccess: ({ redirect }) => {
          setGone(true);
          location.replace(redirect);
        },
      },
    );
  return (
    <Question
      asked={data}
      email={account.email}
      busy={answer.isPending}
      problem={answer.error ? explain(answer.error) : null}
      onDecide={decide}
    />
  );
}

interface QuestionProps {
  asked: Schema["ConsentRequest"];
  email: string;
  busy: boolean;
  problem: string | null;
  onDecide: (allow: boolean, write: boolean) => void;
}

function Question({ asked, email, busy, problem, onDecide }: QuestionProps) {
  const mayAskToWrite = asked.scopes.includes("tasks:write");
  const [write, setWrite] = useState(mayAskToWrite);
  return (
    <section aria-labelledby="consent-title" className="space-y-5">
      <h1 id="consent-title" className="text-2xl font-semibold wrap-anywhere">
        {words.question({ app: asked.name ?? "", name })}
      </h1>
      <Identity asked={asked} />
      <div className="divide-y divide-line rounded-xl border border-line bg-surface text-sm">
        <div className="px-4 py-3.5">
          <p className="font-medium">{words.see()}</p>
          <p className="mt-0.5 text-ink-2">{words.seeText()}</p>
        </div>
        {mayAskToWrite ? (
          <div className="flex items-center justify-between gap-4 px-4 py-3.5">
            <div>
              <label htmlFor="write" className="font-medium">
                {words.change()}
              </label>
              <p id="write-hint" className="mt-0.5 text-ink-2">
                {words.changeText()}
              </p>
            </div>
            <Switch id="write" aria-describedby="write-hint" checked={write} onCheckedChange={setWrite} />
          </div>
        ) : null}
      </div>
      <p className="text-sm text-ink-2">{words.limits()}</p>
      <p role="alert" className="text-sm text-danger empty:hidden">
        {problem}
      </p>
      <div className="grid grid-cols-2 gap-3">
        <Button size="lg" disabled={busy} onClick={() => onDecide(false, false)}>
          {common.cancel()}
        </Button>
        <Button size="lg" look="primary" disabled={busy} onClick={() => onDecide(true, write)}>
          {write ? words.allow() : words.allowReading()}
        </Button>
      </div>
      <p className="text-center text-sm wrap-anywhere text-ink-3">
        {asked.returns_to === "this computer"
          ? words.signedInHere({ email })
          : words.signedIn({ email, place: asked.returns_to ?? "" })}
      </p>
    </section>
  );
}

/** Who the app is, as far as that is known. */
function Identity({ asked }: { asked: Schema["ConsentRequest"] }) {
  if (asked.host) {
    return (
      <p className="flex gap-2.5 text-sm">
        <ShieldCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
        <span className="wrap-anywhere">{words.vouches({ name: asked.host, host: strong })}</span>
      </p>
    );
  }
  return (
    <p className="flex gap-2.5 rounded-lg bg-sunken px-3.5 py-3 text-sm">
      <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <span>{words.unverified({ strong })}</span>
    </p>
  );
}

function Refused({ text }: { text: string }) {
  return (
    <div role="alert" className="space-y-4">
      <h1 className="text-2xl font-semibold">{words.refused()}</h1>
      <p className="wrap-anywhere text-ink-2 first-letter:uppercase">{text}</p>
      <Link href="/" className={buttonStyles({ look: "outline" })}>
        {words.toTasks()}
      </Link>
    </div>
  );
}

/** Stays when the app has no page to return to. */
function Gone({ app }: { app: string }) {
  return (
    <div role="status" className="space-y-2">
      <h1 className="text-2xl font-semibold wrap-anywhere">{words.backTo({ app, name })}</h1>
      <p className="text-ink-2">{words.close()}</p>
    </div>
  );
}
