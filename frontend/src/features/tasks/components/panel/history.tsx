"use client";

import { ChevronRight, Undo2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { HowItTravelled } from "@/features/pipeline";
import { cn } from "@/lib/cn";
import { useReadAgain } from "@/lib/live/use-read-again";
import { useSession } from "@/lib/session/use-session";
import { formatDayAndTime, formatFull } from "@/lib/time/days";
import { useNow } from "@/lib/time/now";
import { type HistoryEvent, taskHistoryOptions, useTaskHistory } from "../../api/get-task-history";
import type { Task } from "../../task";
import { undoEvent } from "../../undo";
import { assistantOf } from "../../view/assistant-of";
import { describeEvent } from "../../view/describe-event";
import * as words from "@/messages/panel";
import * as common from "@/messages/common";

/** The task's history, with an undo button for each change. */
export function History({ task }: { task: Task }) {
  const [open, setOpen] = useState(false);
  const created = task.version > 0; // otherwise it is still in the outbox, unknown to the server
  const { data, isPending, isError } = useTaskHistory(task.id, open && created);
  useReadAgain(taskHistoryOptions(task.id).queryKey, ({ task_id }) => task_id === task.id);
  return (
    <section className="mt-6 border-t border-line pt-3">
      <h3>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="-mx-2 flex items-center gap-1.5 rounded-lg px-2 py-1.5 text-sm font-semibold hover:bg-hover pointer-coarse:min-h-11"
        >
          <ChevronRight
            className={cn("size-4 text-ink-3 transition-transform", open && "rotate-90")}
            aria-hidden
          />
          {words.history()}
        </button>
      </h3>
      {!open ? null : isError ? (
        <p className="py-2 text-sm text-ink-2">{words.historyFailed()}</p>
      ) : isPending ? (
        <p className="py-2 text-sm text-ink-3">{common.loading()}</p>
      ) : (
        <ol className="mt-1">
          {data.map((event) => (
            <Entry key={event.id} event={event} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Entry({ event }: { event: HistoryEvent }) {
  const now = useNow();
  const at = new Date(event.time);
  const when = formatDayAndTime(at, now);
  const time = (when: ReactNode) => (
    <time dateTime={event.time} title={formatFull(at)}>
      {when}
    </time>
  );
  const { account } = useSession();
  const { what, detail } = describeEvent(event);
  return (
    <li className="group relative border-s border-line py-1.5 ps-4 before:absolute before:-start-[3px] before:top-3.5 before:size-[5px] before:rounded-full before:bg-line-2">
      <div className="flex items-start gap-2 text-sm">
        <div className="min-w-0 flex-1">
          <p>{what}</p>
          {detail ? (
            <p className="line-clamp-3 wrap-anywhere text-ink-3" dir="auto">
              {detail}
            </p>
          ) : null}
          <p className="text-xs text-ink-3">{byWhom(event.actor, time, when)}</p>
        </div>
        {account?.role === "admin" ? <HowItTravelled traceparent={event.traceparent} what={what} /> : null}
        {event.event_type === "task.created" ? null : (
          <Button
            look="ghost"
            size="icon-sm"
            aria-label={words.undoChange({ change: what })}
            onClick={() => undoEvent(event, what)}
          >
            <Undo2 />
          </Button>
        )}
      </div>
    </li>
  );
}

/** When a change was made and, unless it was in the user's own session, by what. */
function byWhom(actor: string, time: (when: ReactNode) => ReactNode, when: string): ReactNode {
  const app = assistantOf(actor);
  if (app) return words.byApp({ time, when, app });
  if (actor.startsWith("token:")) return words.byToken({ time, when });
  return actor.startsWith("system:") ? words.automatically({ time, when }) : time(when);
}
