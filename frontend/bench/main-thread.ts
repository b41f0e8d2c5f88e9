import type { CDPSession, Page } from "@playwright/test";

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

/** Tasks of the page's main thread, in milliseconds: how long each took, and how long it had a core for that. */
export interface MainThread {
  wall: number[];
  cpu: number[];
}

/**
 * Watches the page's main thread while something is done. The browser's own tasks are counted too: layout, painting,
 * garbage. On a machine that does other things, `wall` has the waiting for a core in it.
 */
export async function mainThread(page: Page, run: () => Promise<void>): Promise<MainThread> {
  const cdp = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  cdp.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await cdp.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel"] },
  });
  await run();
  await stopped(cdp);
  const mains = new Set(
    events
      .filter((e) => e.name === "thread_name" && e.args.name === "CrRendererMain")
      .map((e) => `${e.pid}:${e.tid}`),
  );
  const tasks = events.filter(
    (e) => e.ph === "X" && e.name.endsWith("RunTask") && mains.has(`${e.pid}:${e.tid}`),
  );
  await cdp.detach();
  return { wall: tasks.map((e) => (e.dur ?? 0) / 1000), cpu: tasks.map((e) => (e.tdur ?? 0) / 1000) };
}

async function stopped(cdp: CDPSession) {
  const complete = new Promise((resolve) => cdp.once("Tracing.tracingComplete", resolve));
  await cdp.send("Tracing.end");
  await complete;
}

export const longestOf = ({ wall }: MainThread) => Math.max(0, ...wall);

/** One line of a table about them. */
export function describeTasks({ wall, cpu }: MainThread): string {
  const over = wall.filter((ms) => ms > 100).length;
  const longest = (of: number[]) => Math.max(0, ...of).toFixed(0);
  return `${over} over 100 ms; the longest ${longest(wall)} ms, of CPU time ${longest(cpu)} ms`;
}
