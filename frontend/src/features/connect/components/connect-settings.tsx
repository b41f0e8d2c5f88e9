"use client";

import { useSyncExternalStore } from "react";
import { assistantSnippets, scriptSnippets } from "../snippets";
import { ConnectCard } from "./connect-card";

const never = () => () => {};

/** How to connect assistants and scripts; every snippet contains the user's own address and token. */
export function ConnectSettings() {
  const origin = useSyncExternalStore(
    never,
    () => location.origin,
    () => "",
  );
  return (
    <div className="space-y-12">
      <ConnectCard
        title="An AI assistant"
        text={
          <>
            Taskwire speaks the Model Context Protocol at{" "}
            <code className="font-mono text-[0.8125rem] wrap-anywhere text-ink">{origin}/mcp</code>. An
            assistant can list, search, add, change, complete and delete your tasks, tell what changed, and
            undo it. Each change is in the history as its own.
          </>
        }
        token={{ name: "AI assistant", scopes: ["mcp"] }}
        snippets={(token) => assistantSnippets(origin, token)}
      />
      <ConnectCard
        title="The command line"
        text="Scripts can do everything that you can do here."
        token={{ name: "Command line", scopes: ["tasks:read", "tasks:write"] }}
        snippets={(token) => scriptSnippets(origin, token)}
      />
    </div>
  );
}
