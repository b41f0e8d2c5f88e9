import * as words from "@/messages/trace";
import { describeDuration, type Row } from "./trace";

/** A station of a change, such as "tasks 7 ms". */
export interface Hop {
  name: string;
  /** How long it took; null if it was not traced. */
  us: number | null;
  /** What the numbers mean. */
  meaning: string;
  service?: string;
}

export interface Summary {
  hops: Hop[];
  /** When the first open screen had the change; null if none was sent it. */
  firstScreen: number | null;
  /** When the last open screen had all that followed from it. */
  lastScreen: number | null;
  /** When the last step ended. */
  end: number;
  functions: number;
  errors: number;
}

/** The way of a change: request, function, outbox, broker, consumers, screens. */
export function summaryOf(rows: readonly Row[]): Summary {
  const entry = rows[0];
  const frames = rows.filter(({ span }) => span.name === "stream frame");
  const hops: Hop[] = [];
  const add = (name: string, us: number | null, meaning: string, service?: string) =>
    hops.push({ name, us, meaning, ...(service ? { service } : {}) });
  if (entry) add(entry.span.service, entry.to - entry.from, words.untilAnswer(), entry.span.service);
  const handler = rows.find(
    ({ span }) => span.kind === "server" && span.service !== entry?.span.service && !isDelivery(span.name),
  );
  if (handler)
    add(handler.span.service, handler.to - handler.from, words.untilAnswer(), handler.span.service);

  const writer = (handler ?? entry)?.span.service;
  const published = earliestEnd(
    rows.filter(
      ({ span }) => span.kind === "producer" && span.service === writer && span.name.startsWith("publish "),
    ),
  );
  const committed = earliestEnd(
    rows.filter(({ span }) => span.service === writer && /^userlog (change|batch)$/.test(span.name)),
  );
  if (published !== null) {
    const waited = committed === null || committed > published ? null : published - committed;
    add(words.outbox(), waited, words.outboxMeaning());
  }
  const consumed = rows.filter(({ span }) => span.kind === "consumer" && span.name.startsWith("process "));
  const delivered = [...consumed, ...rows.filter(({ span }) => isDelivery(span.name))].map(
    ({ from }) => from,
  );
  if (published !== null && delivered.length > 0) {
    const first = Math.min(...delivered);
    add(words.broker(), first > published ? first - published : null, words.brokerMeaning());
  }
  const consumers = new Set(consumed.map(({ span }) => span.service));
  if (consumers.size > 0) add(words.consumers({ count: consumers.size }), null, [...consumers].join(", "));
  return {
    hops,
    firstScreen: earliestEnd(frames),
    lastScreen: frames.length > 0 ? Math.max(...frames.map(({ to }) => to)) : null,
    end: rows.reduce((end, { to }) => Math.max(end, to), 0),
    functions: new Set(rows.map(({ span }) => span.service)).size,
    errors: rows.filter(({ span }) => span.error).length,
  };
}

/** Dapr brings an event to a function: its own span, or the function's. */
const isDelivery = (name: string) => /^pubsub\/|^POST \/internal\/events\//.test(name);

const earliestEnd = (rows: readonly Row[]) =>
  rows.length > 0 ? Math.min(...rows.map(({ to }) => to)) : null;

/** The summary as a sentence, for screen readers. */
export function describeSummary({ hops, firstScreen }: Summary): string {
  const way = hops.map(({ name, us }) => (us === null ? name : `${name} ${describeDuration(us)}`));
  if (firstScreen !== null) way.push(words.screenAfter({ duration: describeDuration(firstScreen) }));
  return way.join(" → ");
}
