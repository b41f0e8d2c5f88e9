"use client";

import { useCallback, useMemo, useState } from "react";
import { useAnew } from "@/lib/use-anew";

export interface Selection {
  selected: ReadonlySet<string>;
  /** The row that receives keys. */
  active: string | null;
  setActive: (id: string | null) => void;
  toggle: (id: string) => void;
  /** Selects all rows from another one, which unless given is the last toggled one, to this one. */
  extendTo: (id: string, from?: string) => void;
  selectAll: () => void;
  clear: () => void;
}

const none: ReadonlySet<string> = new Set();

/**
 * The selected rows of a list, and the one that receives keys. Rows that are no longer shown are no longer selected; in
 * another list nothing is.
 */
export function useSelection(ids: readonly string[], list: string): Selection {
  const [chosen, setChosen] = useState(none);
  const [active, setActive] = useState<string | null>(null);
  const [anchor, setAnchor] = useState<string | null>(null);
  useAnew(list, () => {
    setChosen(none);
    setActive(null);
    setAnchor(null);
  });

  const selected = useMemo(() => {
    if (chosen.size === 0) return none;
    const shown = new Set(ids);
    return new Set([...chosen].filter((id) => shown.has(id)));
  }, [chosen, ids]);

  const toggle = useCallback((id: string) => {
    setAnchor(id);
    setChosen((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);

  // Without a selection, the last toggled row is one of the past.
  const last = selected.size > 0 ? anchor : null;
  const extendTo = useCallback(
    (id: string, from = last ?? id) => {
      const [start, end] = [ids.indexOf(from), ids.indexOf(id)];
      if (start < 0 || end < 0) return toggle(id);
      setAnchor(from);
      setChosen((now) => new Set([...now, ...ids.slice(Math.min(start, end), Math.max(start, end) + 1)]));
    },
    [ids, last, toggle],
  );

  const selectAll = useCallback(() => setChosen(new Set(ids)), [ids]);
  const clear = useCallback(() => setChosen(none), []);
  return { selected, active, setActive, toggle, extendTo, selectAll, clear };
}
