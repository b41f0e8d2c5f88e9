import { callDapr, daprDelivers } from "@/messages/trace";
import { locale } from "@/lib/words/locale";
import type { Schema } from "@/lib/api/schema";

export type Trace = Schema["Trace"];
export type Span = Trace["spans"][number];

/** A span at its place in the tree. Times are microseconds since the trace began. */
export interface Row {
  span: Span;
  depth: number;
  parent: Row | null;
  /** How many rows are below it, at any depth. They follow it in the list. */
  below: number;
  from: number;
  to: number;
}

/** All spans as a tree, each before its children, which are in the order of their start. */
export function rowsOf({ spans }: Trace): Row[] {
  const ids = new Set(spans.map(({ id }) => id));
  const children = new Map<string | null, Span[]>();
  for (const span of spans) {
    // A root, or the sender of its parent keeps its spans elsewhere, as browsers do.
    const parent = span.parent_id !== null && ids.has(span.parent_id) ? span.parent_id : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(span);
    else children.set(parent, [span]);
  }
  const began = Math.min(...spans.map(({ start }) => microseconds(start)));
  const rows: Row[] = [];
  const placed = new Set<Span>();
  const place = (of: string | null, parent: Row | null, depth: number) => {
    for (const span of children.get(of) ?? []) {
      if (placed.has(span)) continue;
      placed.add(span);
      const from = microseconds(span.start) - began;
      const row: Row = { span, depth, parent, below: 0, from, to: from + span.duration_us };
      const index = rows.push(row);
      place(span.id, row, depth + 1);
      row.below = rows.length - index;
    }
  };
  place(null, null, 0);
  return rows;
}

/** Microseconds since 1970; Date has milliseconds only. */
function microseconds(time: string): number {
  const [seconds, fraction = ""] = time.replace("Z", "").split(".");
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

/** The rows that are folded at first: work within one function is a detail, unless something failed there. */
export function foldedAtFirst(rows: readonly Row[]): Set<string> {
  const folded = new Set<string>();
  rows.forEach((row, index) => {
    if (row.below === 0 || row.depth === 0) return;
    const within = rows.slice(index + 1, index + 1 + row.below);
    if (within.every(({ span }) => span.service === row.span.service && !span.error)) folded.add(row.span.id);
  });
  return folded;
}

/** The rows that are not below a folded one. */
export function visibleRows(rows: readonly Row[], folded: ReadonlySet<string>): Row[] {
  const visible: Row[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    visible.push(row);
    if (folded.has(row.span.id)) i += row.below;
  }
  return visible;
}

/** The name of a span, with Dapr's method names shortened. */
export function labelOf({ name }: Span): string {
  const call = /^\/?dapr\.proto\.runtime\.v1\.Dapr\/(\w+)$/.exec(name)?.[1];
  if (call) return name.startsWith("/") ? `Dapr ${call}` : callDapr({ method: call });
  const topic = /^pubsub\/(.+)$/.exec(name)?.[1];
  return topic ? daprDelivers({ topic }) : name;
}

/** The id in a traceparent or an id alone; null if the text is neither. */
export function traceIdIn(text: string): string | null {
  const found = /^([0-9a-f]{32})$|^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/i.exec(text.trim());
  return (found?.[1] ?? found?.[2])?.toLowerCase() ?? null;
}

/** A duration with two or three digits. */
export function describeDuration(us: number): string {
  const [unit, size] =
    us < 1000
      ? ["µs", 1]
      : us < 1_000_000
        ? ["ms", 1000]
        : us < 120_000_000
          ? ["s", 1_000_000]
          : us < 7_200_000_000
            ? ["min", 60_000_000]
            : ["h", 3_600_000_000];
  const value = us / (size as number);
  const digits = value < 10 && size !== 1 ? 1 : 0;
  return `${value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}
