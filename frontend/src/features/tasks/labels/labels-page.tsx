"use client";

import { Hash, Tag } from "lucide-react";
import Link from "next/link";
import * as words from "@/messages/labels";
import { useCounts } from "../hooks/use-counts";
import { taskHref } from "../view/query";
import { colored } from "./color";
import { LabelMenu } from "./label-menu";
import { NewLabelButton } from "./new-label-button";
import type { LabelKind } from "./relabel";
import { itemsOf, type LabelItem, useAllLabels } from "./use-labels";

const kinds = [
  { kind: "project", title: words.projects, icon: Hash, empty: words.noProjects },
  { kind: "tag", title: words.tags, icon: Tag, empty: words.noTags },
] as const;

/** All projects and tags, archived ones too. */
export function LabelsPage() {
  return (
    <div className="space-y-10">
      {kinds.map((one) => (
        <Section key={one.kind} {...one} />
      ))}
    </div>
  );
}

type SectionProps = (typeof kinds)[number];

function Section({ kind, title, icon: Icon, empty }: SectionProps) {
  const labels = useAllLabels()[kind];
  const counts = useCounts();
  const items = itemsOf(labels, kind === "project" ? counts.projects : counts.tags);
  const archived = labels
    .filter((label) => label.archived)
    .map((label) => ({ name: label.name, count: 0, label }));
  const row = (item: LabelItem) => (
    <Row key={item.label?.id ?? item.name} kind={kind} item={item} icon={<Icon className="size-4" />} />
  );
  return (
    <section aria-labelledby={`${kind}s`}>
      <div className="flex items-center justify-between px-1">
        <h2 id={`${kind}s`} className="text-lg font-semibold">
          {title()}
        </h2>
        <NewLabelButton kind={kind} />
      </div>
      {items.length > 0 ? (
        <ul className="divide-y divide-line">{items.map(row)}</ul>
      ) : (
        <p className="px-1 py-2 text-sm text-ink-3">{empty()}</p>
      )}
      {archived.length > 0 ? (
        <>
          <h3 className="px-1 pt-5 pb-1 text-sm font-medium text-ink-3">{words.archivedOnes()}</h3>
          <ul className="divide-y divide-line">{archived.map(row)}</ul>
        </>
      ) : null}
    </section>
  );
}

function Row({ kind, item, icon }: { kind: LabelKind; item: LabelItem; icon: React.ReactNode }) {
  const { name, count, label } = item;
  return (
    <li className="flex h-11 items-center gap-3 px-1 pointer-coarse:h-12">
      <span className="text-ink-3" style={colored(label?.color)} aria-hidden>
        {icon}
      </span>
      <Link
        href={taskHref({ [kind]: name })}
        className="flex h-full min-w-0 flex-1 items-center hover:underline"
        dir="auto"
      >
        <span className="truncate">{name}</span>
      </Link>
      {count > 0 ? <span className="tabular text-sm text-ink-3">{words.open({ count })}</span> : null}
      {label ? <LabelMenu kind={kind} label={label} align="end" /> : null}
    </li>
  );
}
