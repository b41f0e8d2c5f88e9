import { loadavg } from "node:os";
import type { Page } from "@playwright/test";

/** The smallest value that so much of them does not exceed. */
export const quantile = (values: number[], q: number) =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * q) - 1] ?? NaN;
export const describe = (values: number[]) =>
  `median ${quantile(values, 0.5).toFixed(0)} ms, p95 ${quantile(values, 0.95).toFixed(0)} ms, most ${Math.max(...values).toFixed(0)} ms (${values.length})`;
/** A row of a table. */
export const say = (...cells: string[]) => console.log(`| ${cells.join(" | ")} |`);
/** Prints how busy and how fast the machine is: on a shared one, the same work may take twice as long an hour later. */
export const sayLoad = () => {
  const load = loadavg().map((n) => n.toFixed(1));
  console.log(`load average ${load.join(", ")}; a fixed loop takes ${fixedLoop().toFixed(0)} ms`);
};

/** How many milliseconds 100 million multiplications take: the median of five runs. */
function fixedLoop(): number {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    let x = 1;
    for (let i = 0; i < 100_000_000; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
    return performance.now() - began + (x & 0); // without a use of x, the loop would be optimized away
  });
  return quantile(times, 0.5);
}

/** The page has become idle. */
export const settled = (page: Page) =>
  page.evaluate(async () => {
    for (let idle = 0; idle < 20;) {
      const began = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 100));
      idle = performance.now() - began < 130 ? idle + 1 : 0;
    }
  });
