"use client";

import * as words from "@/messages/trace";
import { Route } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button, buttonStyles } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { lazyPart } from "@/lib/lazy-part";
import { traceIdIn } from "../trace/trace";

const TraceView = lazyPart(() => import("./trace-view").then((m) => m.TraceView));

interface HowItTravelledProps {
  traceparent: string;
  /** The change in words, such as "Completed". */
  what: string;
}

/** Opens the waterfall of a change. */
export function HowItTravelled({ traceparent, what }: HowItTravelledProps) {
  const [open, setOpen] = useState(false);
  const id = traceIdIn(traceparent);
  if (!id) return null;
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button look="ghost" size="icon-sm" aria-label={words.show({ what })} title={words.trace()}>
          <Route />
        </Button>
      </DialogTrigger>
      <DialogContent title={words.trace()} description={words.everyStep({ what })} className="max-w-5xl">
        <TraceView id={id} />
        <Link
          href={`/admin/pipeline?trace=${id}`}
          className={buttonStyles({ look: "ghost", size: "sm", className: "-ms-2.5 mt-1" })}
        >
          {words.onPipeline()}
        </Link>
      </DialogContent>
    </Dialog>
  );
}
