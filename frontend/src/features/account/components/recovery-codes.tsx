"use client";

import { Download } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import * as common from "@/messages/common";
import * as words from "@/messages/recoveryCodes";

/** New recovery codes, shown only once. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => card.current?.focus(), [codes]);
  const text = codes.join("\n");

  function download() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
    link.download = "taskwire-recovery-codes.txt";
    link.click();
    URL.revokeObjectURL(link.href);
  }

  return (
    <section
      ref={card}
      tabIndex={-1}
      aria-label={words.yours()}
      className="animate-rise rounded-xl border border-accent/40 bg-accent-wash p-4"
    >
      <p role="status" className="font-medium">
        {words.keep()}
      </p>
      <p className="mt-1 text-sm text-ink-2">{words.each()}</p>
      <ul
        data-secret
        aria-label={words.codes()}
        className="mt-3 grid gap-x-6 gap-y-1 rounded-lg border border-line-2 bg-raised px-4 py-3 font-mono text-sm sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="mt-3 flex flex-wrap gap-2">
        <CopyButton look="primary" text={text} label={words.copyCodes()}>
          {common.copy()}
        </CopyButton>
        <Button onClick={download}>
          <Download /> {words.download()}
        </Button>
        <Button look="ghost" className="ms-auto" onClick={onDone}>
          {words.saved()}
        </Button>
      </div>
    </section>
  );
}
