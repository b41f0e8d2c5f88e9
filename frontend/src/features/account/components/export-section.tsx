"use client";

import { Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Section } from "@/features/settings";
import { explain } from "@/lib/api/problem";
import { formatBytes } from "@/lib/bytes";
import * as words from "@/messages/accountData";
import * as common from "@/messages/common";
import { type Archive, downloadArchive, type Progress } from "../api/download";

type State =
  | { kind: "idle" | "preparing" | "failed"; text?: string }
  | ({ kind: "running" } & Progress)
  | { kind: "done"; name: string; size: number };

export function ExportSection() {
  const [state, setState] = useState<State>({ kind: "idle" });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const busy = state.kind === "preparing" || state.kind === "running";

  async function start() {
    const controller = new AbortController();
    running.current = controller;
    setState({ kind: "preparing" });
    try {
      const archive = await downloadArchive(
        (progress) => setState({ kind: "running", ...progress }),
        controller.signal,
      );
      save(archive);
      setState({ kind: "done", name: archive.name, size: archive.content.size });
    } catch (error) {
      if (running.current === controller)
        setState(controller.signal.aborted ? { kind: "idle" } : { kind: "failed", text: explain(error) });
    }
  }

  return (
    <Section title={words.exportTitle()} text={words.exportText()}>
      <p className="text-sm text-ink-2">{words.exportContent()}</p>
      <div className="flex flex-wrap gap-3">
        <Button look="primary" disabled={busy} onClick={() => void start()}>
          <Download aria-hidden /> {words.exportMyData()}
        </Button>
        {busy ? <Button onClick={() => running.current?.abort()}>{common.cancel()}</Button> : null}
      </div>
      {state.kind === "running" ? (
        <progress
          aria-label={words.exportTitle()}
          className="h-2 w-full max-w-sm accent-accent"
          max={state.size}
          value={state.received}
        />
      ) : null}
      <p role="status" className="text-sm text-ink-2 empty:hidden">
        {told(state)}
      </p>
      <p role="alert" className="text-sm text-danger empty:hidden">
        {state.kind === "failed" ? state.text : ""}
      </p>
    </Section>
  );
}

/** What a screen reader is told: not each of a thousand steps. */
function told(state: State): string {
  switch (state.kind) {
    case "preparing":
      return words.preparing();
    case "running":
      return words.downloading({ size: formatBytes(state.size) });
    case "done":
      return words.downloaded({ name: state.name, size: formatBytes(state.size) });
    default:
      return "";
  }
}

function save({ content, name }: Archive) {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
