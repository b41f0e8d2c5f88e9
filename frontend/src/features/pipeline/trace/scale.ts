import type { Row } from "./trace";

/** A long time in which nothing happened, drawn as a short piece of the axis. */
export interface Pause {
  /** Where it is drawn, as parts of the width. */
  left: number;
  width: number;
  /** How long it lasted, in microseconds. */
  us: number;
}

export interface Scale {
  /** Where a time since the start of the trace is drawn: 0 is the left end, 1 the right. */
  at(us: number): number;
  pauses: Pause[];
  /** Times with a line across all rows. */
  ticks: { us: number; left: number }[];
}

const second = 1_000_000;
/** The width of a pause. */
const pauseWidth = 0.05;
const mostTicks = 5;

/**
 * The axis of time. A dead letter that was sent again after a day has a pause of a day in its trace; drawn to scale it
 * would leave a pixel for all else.
 */
export function scaleOf(rows: readonly Row[]): Scale {
  const busy = busyTimes(rows);
  const total = busy.reduce((sum, [from, to]) => sum + (to - from), 0);
  const longest = Math.max(second, total);
  const blocks: [number, number][] = [];
  for (const [from, to] of busy) {
    const last = blocks.at(-1);
    if (last && from - last[1] <= longest) last[1] = to;
    else blocks.push([from, to]);
  }
  const drawn = Math.max(
    1,
    blocks.reduce((sum, [from, to]) => sum + (to - from), 0),
  );
  // Many pauses must leave room for the rest.
  const gap = blocks.length < 2 ? 0 : Math.min(pauseWidth, 0.4 / (blocks.length - 1));
  const perMicrosecond = (1 - gap * (blocks.length - 1)) / drawn;
  const lefts: number[] = [];
  let left = 0;
  for (const [from, to] of blocks) {
    lefts.push(left);
    left += (to - from) * perMicrosecond + gap;
  }
  const at = (us: number) => {
    let index = blocks.findLastIndex(([from]) => from <= us);
    if (index < 0) index = 0;
    const [from, to] = blocks[index] ?? [0, 0];
    return clamp((lefts[index] ?? 0) + (Math.min(us, to) - from) * perMicrosecond);
  };
  const pauses = blocks.slice(1).map(([from], i) => {
    const before = blocks[i]![1];
    return { left: at(before), width: gap, us: from - before };
  });
  return { at, pauses, ticks: ticksOf(blocks, at) };
}

/** The times in which at least one span was open. */
function busyTimes(rows: readonly Row[]): [number, number][] {
  const times: [number, number][] = [];
  for (const { from, to } of [...rows].sort((a, b) => a.from - b.from)) {
    const last = times.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else times.push([from, to]);
  }
  return times;
}

/** Round times; with pauses, only where each block begins. */
function ticksOf(blocks: [number, number][], at: (us: number) => number) {
  if (blocks.length > 1) return blocks.map(([us]) => ({ us, left: at(us) }));
  const end = blocks[0]?.[1] ?? 0;
  const step = roundStep(end / mostTicks);
  const ticks = [];
  for (let us = 0; us <= end && step > 0; us += step) ticks.push({ us, left: at(us) });
  return ticks;
}

/** The next of 1, 2, 5, 10, 20, … */
function roundStep(us: number): number {
  if (us <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(us));
  return ([1, 2, 5].find((digit) => digit * power >= us) ?? 10) * power;
}

const clamp = (part: number) => Math.min(1, Math.max(0, part));
