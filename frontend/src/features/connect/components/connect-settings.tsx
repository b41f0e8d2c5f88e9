"use client";

import { useSyncExternalStore } from "react";
import { AppsSection } from "@/features/apps";
import * as words from "@/messages/connect";
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
      <AppsSection />
      <ConnectCard
        title={words.assistant()}
        text={words.assistantText({
          address: `${origin}/mcp`,
          code: (text) => <code className="font-mono text-[0.8125rem] wrap-anywhere text-ink">{text}</code>,
        })}
        token={{ name: words.assistantName(), scopes: ["mcp"] }}
        snippets={(token) => assistantSnippets(origin, token)}
      />
      <ConnectCard
        title={words.commandLine()}
        text={words.commandLineText()}
        token={{ name: words.commandLineName(), scopes: ["tasks:read", "tasks:write"] }}
        snippets={(token) => scriptSnippets(origin, token)}
      />
    </div>
  );
}
