"use client";

import { ChevronDown, X } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { usePreferences, usePutPreferences } from "@/features/settings";
import { beginTask } from "@/features/tasks";
import { cn } from "@/lib/cn";
import { useMedia, usePhone } from "@/lib/use-media";
import * as words from "@/messages/firstSteps";
import { type Step, useProgress } from "./use-progress";

interface Suggestion {
  step: Step;
  title: () => string;
  text: () => string;
  /** With a finger. */
  touch?: () => string;
}

const steps: Suggestion[] = [
  { step: "add", title: words.add, text: () => words.addText({ example: words.example() }) },
  { step: "complete", title: words.complete, text: words.completeText, touch: words.completeTouch },
  { step: "undo", title: words.undo, text: words.undoText, touch: words.undoTouch },
  { step: "device", title: words.device, text: words.deviceText, touch: words.deviceTouch },
];

/** What to try first, until the user dismisses it on any device. Done is what the user's events show. */
export function FirstSteps() {
  const { data: preferences } = usePreferences();
  return preferences && !preferences.first_steps_dismissed ? <Panel /> : null;
}

function Panel() {
  const done = useProgress();
  const save = usePutPreferences();
  const phone = usePhone();
  const coarse = useMedia("(pointer: coarse)");
  const [toggled, setToggled] = useState(false);
  const id = useId();
  if (!done) return null;
  const open = toggled === phone;
  const count = steps.filter(({ step }) => done.has(step)).length;
  const finished = count === steps.length;
  return (
    <section
      aria-labelledby={`${id}-title`}
      className="mb-[max(0.75rem,env(safe-area-inset-bottom))] shrink-0 animate-fade rounded-xl border border-line-2 bg-surface shadow-1 print:hidden"
    >
      <div className="flex items-center gap-1 py-1.5 ps-3.5 pe-1.5">
        <h2 id={`${id}-title`} className="min-w-0 flex-1 text-sm font-semibold">
          {words.title()}
          <span role="status" className="tabular ms-2 font-normal text-ink-3">
            {finished ? words.allDone() : words.progress({ count, total: steps.length })}
          </span>
        </h2>
        <Button
          look="ghost"
          size="icon-sm"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-label={open ? words.hide() : words.show()}
          onClick={() => setToggled(!toggled)}
        >
          <ChevronDown className={cn("transition-transform", !open && "rotate-180")} />
        </Button>
        <Button
          look="ghost"
          size="icon-sm"
          aria-label={words.dismiss()}
          onClick={() => save.mutate({ first_steps_dismissed: true })}
        >
          <X />
        </Button>
      </div>
      <ol id={`${id}-list`} hidden={!open} className="grid gap-x-6 gap-y-2 px-3.5 pb-3.5 sm:grid-cols-2">
        {steps.map(({ step, title, text, touch }) => (
          <li key={step} className="flex gap-2.5 text-sm">
            <span
              className={cn(
                "mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border-[1.5px]",
                done.has(step) ? "border-accent bg-accent text-accent-ink" : "border-ink-3/60",
              )}
            >
              {done.has(step) ? <span className="glyph size-2.5 glyph-check" /> : null}
            </span>
            <span className="min-w-0">
              <span className={cn("font-medium", done.has(step) && "text-ink-3 line-through")}>
                {title()}
              </span>
              {done.has(step) ? <span className="sr-only"> {words.doneStep()}</span> : null}
              <span className="block text-ink-2">{((coarse && touch) || text)()}</span>
              {step === "add" && !done.has(step) ? (
                <button
                  type="button"
                  className="mt-0.5 min-h-6 font-medium text-accent underline-offset-4 hover:underline"
                  onClick={() => beginTask(words.example())}
                >
                  {words.typeForMe()}
                </button>
              ) : null}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
