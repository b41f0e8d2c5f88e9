"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { PageTitle } from "@/components/page-title";
import { api } from "@/lib/api/client";
import { explain, Problem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";
import { lazyPart } from "@/lib/lazy-part";
import type { SignInStep } from "@/lib/session/session";
import { useOnceShown } from "@/lib/words/use-once-shown";
import { rememberConfirmed, takeVisit, type Visit } from "@/lib/visit";
import { signIn } from "@/messages/common";
import * as words from "@/messages/providers";
import { AuthOutcome } from "./auth-frame";
import { destination, keepDestination } from "./destination";
import { finishSignIn } from "./providers";
import { asking } from "./use-kept-destination";

const SecondStep = lazyPart(() => import("./second-step").then((m) => m.SecondStep));

/** Where a provider sends the browser back to: passes on to the server what it says, and goes on. */
export function ProviderReturn() {
  return (
    <>
      <PageTitle>{signIn()}</PageTitle>
      <Arriving />
    </>
  );
}

function Arriving() {
  const router = useRouter();
  const [back, setBack] = useState("/");
  const [step, setStep] = useState<SignInStep | null>(null);
  const [failure, setFailure] = useState<ReactNode>(null);

  useOnceShown(() => {
    void arrive().then(({ page, step, failure }) => {
      setBack(page);
      if (step) setStep(step);
      else if (failure) setFailure(failure);
      else router.replace(page);
    });
  });

  if (step) {
    return (
      <SecondStep
        step={step}
        onDone={() => router.replace(back)}
        onRestart={(why) =>
          why
            ? setFailure(<p>{why}</p>)
            : router.replace(keepDestination("/sign-in", asking(back), location.origin))
        }
      />
    );
  }
  if (failure) {
    return (
      <AuthOutcome role="alert" title={words.didNotWork()} next={back}>
        {failure}
      </AuthOutcome>
    );
  }
  return (
    <p role="status" className="text-ink-2">
      {words.oneMoment()}
    </p>
  );
}

interface Arrival {
  /** Where the user wanted to go. */
  page: string;
  step?: SignInStep | null;
  failure?: ReactNode;
}

async function arrive(): Promise<Arrival> {
  const said = new URLSearchParams(location.search);
  const came = takeVisit();
  history.replaceState(history.state, "", location.pathname); // a code does not belong in the history
  if (!came) return { page: "/", failure: <p>{words.notFromHere()}</p> };
  const page = destination(asking(came.back), location.origin);
  const error = said.get("error");
  if (error !== null) return { page, failure: <Refused error={error} from={came} page={page} /> };
  try {
    return { page, step: await finish(came, said) };
  } catch (refused) {
    return { page, failure: <Failure error={refused} from={came} page={page} /> };
  }
}

async function finish(came: Visit, params: URLSearchParams): Promise<SignInStep | null> {
  const iss = params.get("iss");
  const said: Schema["ProviderReturn"] = {
    state: params.get("state") ?? "",
    code: params.get("code") ?? "",
    ...(iss === null ? {} : { iss }),
  };
  if (came.purpose === "sign-in") return finishSignIn(said);
  if (came.purpose === "link") await api.post<Schema["Identity"]>("/api/auth/oidc/identities", said);
  else {
    await api.post("/api/auth/confirm", { provider: said });
    rememberConfirmed();
  }
  return null;
}

function Refused({ error, from, page }: { error: string; from: Visit; page: string }) {
  return (
    <>
      <p>
        {error === "access_denied"
          ? words.canceledThere({ provider: from.name })
          : words.refusedThere({ provider: from.name })}
      </p>
      <Return from={from} page={page} />
    </>
  );
}

function Failure({ error, from, page }: { error: unknown; from: Visit; page: string }) {
  if (from.purpose === "sign-in" && error instanceof Problem && error.status === 409) {
    const settings = `/settings/security?link=${encodeURIComponent(from.provider)}`;
    return (
      <>
        <p>{words.addressTaken({ provider: from.name })}</p>
        <p>
          <Link
            href={`/sign-in${asking(settings)}`}
            className="font-medium text-accent underline-offset-4 hover:underline"
          >
            {words.signInAndLink()}
          </Link>
        </p>
      </>
    );
  }
  return (
    <>
      <p>{why(error, from)}</p>
      <Return from={from} page={page} />
    </>
  );
}

/** The way back for users who are signed in; for others the page has one. */
function Return({ from, page }: { from: Visit; page: string }) {
  if (from.purpose === "sign-in") return null;
  return (
    <p>
      <Link href={page} className="font-medium text-accent underline-offset-4 hover:underline">
        {words.backToSettings()}
      </Link>
    </p>
  );
}

function why(error: unknown, from: Visit): string {
  const provider = from.name;
  if (!(error instanceof Problem)) return explain(error);
  if (error.of("state")) return words.tooLate();
  if (error.of("code")) return words.notAccepted({ provider });
  if (error.of("email")) return words.addressNotVerified({ provider });
  if (error.of("provider")) return words.anotherAccount({ provider });
  if (error.status === 409) return words.linkedElsewhere({ provider });
  if (error.status === 403 && from.purpose === "sign-in") return words.disabled();
  if (error.status === 503) return words.unreachable({ provider });
  return explain(error);
}
