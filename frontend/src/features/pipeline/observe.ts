import * as say from "@/messages/topology";
import { describeLatency, describeRate, groupOf, type Pipeline, type Status } from "./pipeline";
import type { Node } from "./topology";

export type State = "up" | "down" | "waking" | "unknown";

export function stateOf(node: Node, status: Status | undefined): State {
  return status?.parts.find((part) => part.name === node.name)?.status ?? "unknown";
}

export interface Note {
  text: string;
  bad: boolean;
}

/** A consumer with a lag of at least this many records is shown as behind. */
const muchLag = 1000;

/** The figures of a part; null if nothing was measured. */
export function noteOf(node: Node, pipeline: Pipeline | undefined): Note | null {
  if (!pipeline) return null;
  const open = pipeline.dead_letters.consumers.find(({ consumer }) => consumer === node.name)?.open ?? 0;
  const group = node.consumer ? groupOf(node.name, pipeline) : null;
  const words: string[] = [];
  let bad = false;
  if (node.id === "outbox") words.push(say.waiting({ count: pipeline.outbox.waiting }));
  if (node.kind === "topic") {
    const topic = pipeline.broker?.topics.find(({ topic }) => topic === node.id);
    const waiting = pipeline.outbox.topics.find(({ topic }) => topic === node.id)?.waiting ?? 0;
    if (topic) words.push(describeRate(topic.per_second));
    if (waiting > 0) words.push(say.toPublish({ count: waiting }));
  } else if (node.consumer) {
    if (group) words.push(say.lag({ count: group.lag }));
    const delay = node.name === "gateway" ? pipeline.traffic?.commit_to_stream : null;
    if (open > 0) words.push(say.failed({ count: open }));
    else if (delay) words.push(describeLatency(delay.p50_ms));
    else if (typeof group?.handled_per_second === "number")
      words.push(describeRate(group.handled_per_second));
    bad = open > 0 || (group?.lag ?? 0) > muchLag;
  } else if (node.name === "gateway") {
    const functions = pipeline.traffic?.functions;
    if (functions) words.push(describeRate(functions.reduce((sum, each) => sum + each.per_second, 0)));
  } else {
    const traffic = pipeline.traffic?.functions.find((each) => each.function === node.name);
    if (traffic) words.push(describeRate(traffic.per_second), describeLatency(traffic.p50_ms));
  }
  return words.length > 0 ? { text: words.join(" · "), bad } : null;
}

/** Whether anything passed from one part to another within the last minute. */
export function flows(from: string, to: string, pipeline: Pipeline | undefined): boolean {
  const rate = (topic: string) =>
    pipeline?.broker?.topics.find((each) => each.topic === topic)?.per_second ?? 0;
  if (rate(from) > 0) return true;
  if (from === "outbox") return rate(to) > 0;
  if (from === "postgres") return rate("task-events") > 0;
  if (from !== "gateway") return false;
  return (pipeline?.traffic?.functions.find((each) => each.function === to)?.per_second ?? 0) > 0;
}
