"use client";

import * as words from "@/messages/trace";
import { show as showWord } from "@/messages/common";
import { useRouter, useSearchParams } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { traceIdIn } from "../trace/trace";
import { TraceView } from "./trace-view";

/** Shows the trace that the address names, or one that is pasted. */
export function TraceLookup() {
  const asked = useSearchParams().get("trace");
  const id = asked === null ? null : traceIdIn(asked);
  const router = useRouter();
  const [wrong, setWrong] = useState(false);
  const show = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get("trace");
    const found = traceIdIn(typeof text === "string" ? text : "");
    setWrong(found === null);
    if (found) router.replace(`/admin/pipeline?trace=${found}`, { scroll: false });
  };
  return (
    <section aria-labelledby="trace">
      <h2 id="trace" className="font-semibold">
        {words.travelled()}
      </h2>
      <form onSubmit={show} className="mt-3 flex gap-2">
        <Input
          key={asked}
          name="trace"
          defaultValue={asked ?? ""}
          aria-label={words.idOrParent()}
          aria-invalid={wrong || undefined}
          aria-describedby="trace-note"
          placeholder={words.idOrParent()}
          autoComplete="off"
          spellCheck={false}
          className="h-9 font-mono text-sm"
        />
        <Button type="submit">{showWord()}</Button>
      </form>
      <p id="trace-note" className="mt-1.5 text-xs text-ink-3">
        {wrong ? words.notAnId() : words.whereIds({ response: "traceresponse", event: "traceparent" })}
      </p>
      {id ? (
        <div className="mt-4">
          <TraceView key={id} id={id} />
        </div>
      ) : null}
    </section>
  );
}
