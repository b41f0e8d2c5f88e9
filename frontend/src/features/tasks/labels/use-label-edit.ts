"use client";

import { useRef } from "react";
import { ChangedElsewhere, type LabelPatch, updateLabel } from "./actions";
import type { Label } from "./labels";
import type { AnyLabelKind } from "./relabel";

/**
 * Changes what the user has changed of a label since its dialog was opened. A change from elsewhere is replaced only once the
 * user has seen it.
 */
export function useLabelEdit(kind: AnyLabelKind, label: Label | null) {
  const opened = useRef(label);
  const seen = useRef(label);
  return async (given: Pick<LabelPatch, "name" | "color">): Promise<void> => {
    if (!opened.current || !seen.current) return;
    const before = opened.current;
    const fields = Object.keys(given) as (keyof typeof given)[];
    const changed = fields.filter((field) => given[field] !== before[field]);
    if (changed.length === 0) return;
    try {
      await updateLabel(
        kind,
        seen.current,
        Object.fromEntries(changed.map((field) => [field, given[field]])),
      );
    } catch (error) {
      if (error instanceof ChangedElsewhere) seen.current = error.now;
      throw error;
    }
  };
}
