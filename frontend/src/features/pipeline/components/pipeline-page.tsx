"use client";

import * as words from "@/messages/pipeline";
import { Suspense } from "react";
import { Button } from "@/components/ui/button";
import { explain } from "@/lib/api/problem";
import { Header } from "@/features/shell";
import { useSession } from "@/lib/session/use-session";
import { usePipeline } from "../api/get-pipeline";
import { useStatus } from "../api/get-status";
import { Alerts } from "./alerts";
import { DeadLetters } from "./dead-letters";
import { Figures } from "./figures";
import { Measures } from "./measures";
import { TopologyPicture } from "./topology-picture";
import { TraceLookup } from "./trace-lookup";

/** The pipeline page, for administrators. */
export function PipelinePage() {
  const { account } = useSession();
  return (
    <>
      <Header title={words.pipeline()} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-4xl px-4 pt-2 pb-16 lg:px-7">
          {account?.role === "admin" ? (
            <Pipeline />
          ) : account ? (
            <div className="py-24 text-center">
              <h2 className="text-lg font-semibold">{words.forAdmins()}</h2>
              <p className="mt-1 text-ink-2">{words.tasksStillThere()}</p>
            </div>
          ) : null}
        </div>
      </div>
    </>
  );
}

function Pipeline() {
  const { data: pipeline, error, refetch } = usePipeline(true);
  const { data: status } = useStatus(true);
  return (
    <div className="space-y-8">
      {error ? (
        <div
          role="alert"
          className="flex flex-wrap items-center justify-between gap-3 rounded-xl bg-warn-wash px-4 py-3 text-sm"
        >
          <span>{pipeline ? words.olderData({ error: explain(error) }) : explain(error)}</span>
          <Button size="sm" onClick={() => void refetch()}>
            {words.measureAgain()}
          </Button>
        </div>
      ) : null}
      {pipeline ? (
        <Measures pipeline={pipeline} status={status} />
      ) : error ? null : (
        <div aria-hidden className="h-32 rounded-xl border border-line bg-surface" />
      )}
      <Alerts />
      <section aria-labelledby="topology">
        <h2 id="topology" className="mb-3 font-semibold">
          {words.eventFlow()}
        </h2>
        <TopologyPicture status={status} pipeline={pipeline} />
      </section>
      <Suspense>
        <TraceLookup />
      </Suspense>
      <DeadLetters />
      {pipeline ? <Figures pipeline={pipeline} /> : null}
    </div>
  );
}
