"use client";

import { formatDate } from "@/lib/time/days";
import { useSession } from "@/lib/session/use-session";
import { useMe } from "../api/get-me";
import { Section } from "./section";

export function ProfileSection() {
  const { account } = useSession();
  const { data } = useMe();
  // The signed-in user is known before the server responds, and offline.
  const me = data ?? account;
  const facts: [string, string][] = [
    ["Name", me?.name ?? ""],
    ["Email", me?.email ?? ""],
    ["Here since", me ? formatDate(new Date(me.created_at)) : ""],
    ...(me?.role === "admin" ? [["Role", "Administrator"] satisfies [string, string]] : []),
  ];
  return (
    <Section title="Profile" text="Your name and email address.">
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
