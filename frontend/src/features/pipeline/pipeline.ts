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
