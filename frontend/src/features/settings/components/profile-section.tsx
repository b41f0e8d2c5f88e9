"use client";

import { formatDate } from "@/lib/time/days";
import { useSession } from "@/lib/session/use-session";
import * as words from "@/messages/settings";
import { useMe } from "../api/get-me";
import { Section } from "./section";

export function ProfileSection() {
  const { account } = useSession();
  const { data } = useMe();
  // The signed-in user is known before the server responds, and offline.
  const me = data ?? account;
  const facts: [string, string][] = [
    [words.name(), me?.name ?? ""],
    [words.email(), me?.email ?? ""],
    [words.memberSince(), me ? formatDate(new Date(me.created_at)) : ""],
    ...(me?.role === "admin" ? [[words.role(), words.administrator()] satisfies [string, string]] : []),
  ];
  return (
    <Section title={words.profile()} text={words.profileText()}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2.5 text-sm">
        {facts.map(([term, fact]) => (
          <div key={term} className="contents">
            <dt className="text-ink-2">{term}</dt>
            <dd dir="auto" className="min-h-5 font-medium wrap-anywhere">
              {fact}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
