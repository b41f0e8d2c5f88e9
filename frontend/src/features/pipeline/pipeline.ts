/** How events get on, as it was measured at one moment. */
export interface Pipeline {
  measured_at: string;
  outbox: {
    waiting: number;
    oldest_at: string | null;
    topics: { topic: string; waiting: number; oldest_at: string }[];
  };
  dead_letters: {
    open: number;
    redriven: number;
    failed_at: string | null;
    consumers: { consumer: string | null; open: number; redriven: number; failed_at: string }[];
  };
  /** Null where it could not be measured; `missing` says why. */
  broker: { measured_at: string; topics: Topic[]; groups: Group[] } | null;
  traffic: {
    gateways: number;
    functions: FunctionTraffic[];
    commit_to_stream: ({ events: number } & Latency) | null;
  } | null;
  missing: { part: "broker" | "traffic"; detail: string }[];
}

export interface Topic {
  topic: string;
  partitions: number;
  records: number;
  per_second: number;
}

export interface Group {
  group: string;
  state: string;
  members: number;
  lag: number;
  handled_per_second: number | null;
  topics: { topic: string; lag: number }[];
}

interface Latency {
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
}

export interface FunctionTraffic extends Latency {
  function: string;
  per_second: number;
  requests: number;
  failed: number;
}

/** Every gateway is a consumer group of its own; the picture has one place for all of them. */
const isGateway = (group: string) => group.startsWith("sse-");

/** The group by which a part hears of a topic; null where none does. Lags of gateways are added up. */
export function groupOf(consumer: string, pipeline: Pipeline | undefined): Group | null {
  const groups = pipeline?.broker?.groups.filter(({ group }) =>
    consumer === "gateway" ? isGateway(group) : group === consumer,
  );
  const first = groups?.[0];
  if (!groups || !first) return null;
  return groups.slice(1).reduce(
    (sum, group) => ({
      ...sum,
      members: sum.members + group.members,
      lag: sum.lag + group.lag,
      handled_per_second: (sum.handled_per_second ?? 0) + (group.handled_per_second ?? 0),
    }),
    first,
  );
}

/** What people call a group. */
export const groupName = (group: string) => (isGateway(group) ? `gateway ${group.slice(4, 12)}` : group);

/** A rate with as many digits as say something. */
export function describeRate(perSecond: number): string {
  if (perSecond === 0) return "0/s";
  if (perSecond < 0.1) return `${Math.max(1, Math.round(perSecond * 60))}/min`;
  return `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString()}/s`;
}

export function describeLatency(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${Math.round(milliseconds / 1000)} s`;
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

export interface Status {
  status: "up" | "degraded";
  checked_at: string;
  parts: { name: string; status: "up" | "down" | "waking" }[];
}

/** An event that a consumer refused or gave up on. */
export interface DeadLetter {
  id: string;
  status: "open" | "redriven";
  consumer: string | null;
  topic: string | null;
  partition: number | null;
  offset: number | null;
  reason: string;
  attempts: number;
  failures: number;
  redrives: number;
  event_source: string | null;
  event_id: string | null;
  event_type: string | null;
  event_subject: string | null;
  user_id: string | null;
  created_at: string;
  failed_at: string;
  redriven_at: string | null;
}

export interface DeadLetterWithEvent extends DeadLetter {
  /** Null where the record is no JSON. */
  event: unknown;
  event_base64: string;
}

/** How long something has waited, in the largest unit that says enough. */
export function describeWait(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 1) return "less than 1 s";
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
