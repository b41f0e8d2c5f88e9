import { days, lessThanSecond } from "@/messages/pipeline";
import { locale } from "@/lib/words/locale";
import type { Schema } from "@/lib/api/schema";

export type Pipeline = Schema["Pipeline"];
export type Topic = Schema["PipelineBroker"]["topics"][number];
export type Group = Schema["PipelineBroker"]["groups"][number];
export type FunctionTraffic = Schema["PipelineTraffic"]["functions"][number];
export type Status = Schema["Status"];
export type DeadLetter = Schema["DeadLetter"];
export type DeadLetterWithEvent = Schema["DeadLetterWithEvent"];

/** Each gateway has its own consumer group; the picture shows them as one. */
const isGateway = (group: string) => group.startsWith("sse-");

/** The group through which a part consumes a topic; null if none does. Lags of gateways are added up. */
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

/** The display name of a group. */
export const groupName = (group: string) => (isGateway(group) ? `gateway ${group.slice(4, 12)}` : group);

const digits = (value: number, fraction: number) =>
  value.toLocaleString(locale(), { minimumFractionDigits: fraction, maximumFractionDigits: fraction });

/** A rate, rounded to significant digits. */
export function describeRate(perSecond: number): string {
  if (perSecond === 0) return "0/s";
  if (perSecond < 0.1) return `${Math.max(1, Math.round(perSecond * 60))}/min`;
  return `${digits(perSecond, perSecond < 10 ? 1 : 0)}/s`;
}

export function describeLatency(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${Math.round(milliseconds / 1000)} s`;
  if (milliseconds >= 1000) return `${digits(milliseconds / 1000, 1)} s`;
  return `${digits(milliseconds, milliseconds < 10 ? 1 : 0)} ms`;
}

/** A waiting time, in its largest unit. */
export function describeWait(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 1) return lessThanSecond();
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return days({ count: Math.floor(seconds / 86_400) });
}
