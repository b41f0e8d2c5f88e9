"use client";

import { useMemo, useSyncExternalStore } from "react";
import { useStable } from "@/lib/use-stable";
import { useCounts } from "../hooks/use-counts";
import { fold, hasName } from "../view/search";
import { type Label, type Labels, labelStore, noLabels } from "./labels";
import type { LabelKind } from "./relabel";
import { sectionsOf } from "./sections";

export function useAllLabels(): Labels {
  return useSyncExternalStore(labelStore.subscribe, labelStore.getSnapshot, () => noLabels);
}

/** Whether the projects, sections and tags are there; until then only the names in open tasks are known. */
export const useLabelsLoaded = (): boolean => useAllLabels() !== noLabels;

/** The sections of a project, in their order. */
export function useSections(project: string | null | undefined): readonly Label[] {
  const labels = useAllLabels();
  return useMemo(() => sectionsOf(labels, project ?? null), [labels, project]);
}

/** A project or a tag in a list; without a label if the server does not know it yet. */
export interface LabelItem {
  name: string;
  /** The number of open tasks. */
  count: number;
  label?: Label;
}

/** Projects or tags that are not archived, in their order; those that only tasks of this browser have come last. */
export function useLabels(kind: LabelKind): LabelItem[] {
  const labels = useAllLabels()[kind];
  const counts = useCounts();
  const counted = kind === "project" ? counts.projects : counts.tags;
  return useMemo(() => itemsOf(labels, counted), [labels, counted]);
}

const none: readonly string[] = [];

/**
 * The names of projects or tags to choose from, also of those without open tasks, and of those that are chosen already, which may
 * be archived. The array stays the same until the names change.
 */
export function useLabelNames(kind: LabelKind, chosen = none): readonly string[] {
  const items = useLabels(kind);
  return useStable(
    useMemo(() => {
      const names = items.map(({ name }) => name);
      return [...names, ...[...new Set(chosen)].filter((name) => !hasName(names, name))];
    }, [items, chosen]),
  );
}

export function itemsOf(labels: readonly Label[], counted: readonly [string, number][]): LabelItem[] {
  const left = new Map<string, LabelItem>();
  for (const [name, count] of counted) {
    const key = fold(name);
    left.set(key, { name, count: count + (left.get(key)?.count ?? 0) });
  }
  const known = labels.map((label): LabelItem => {
    const key = fold(label.name);
    const count = left.get(key)?.count ?? 0;
    left.delete(key);
    return { name: label.name, count, label };
  });
  return [...known.filter(({ label }) => !label?.archived), ...left.values()];
}
