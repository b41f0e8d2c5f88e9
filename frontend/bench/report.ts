import { loadavg } from "node:os";
import type { Page } from "@playwright/test";

/** The smallest value that so much of them does not exceed. */
export const quantile = (values: number[], q: number) =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * q) - 1] ?? NaN;
export const describe = (values: number[]) =>
  `median ${quantile(values, 0.5).toFixed(0)} ms, p95 ${quantile(values, 0.95).toFixed(0)} ms, most ${Math.max(...values).toFixed(0)} ms (${values.length})`;
/** A row of a table. */
export const say = (...cells: string[]) => console.log(`| ${cells.join(" | ")} |`);
export const sayLoad = () =>
  console.log(
    `load average ${loadavg()
      .map((n) => n.toFixed(1))
      .join(", ")}`,
  );

/** The page has become idle. */
export const settled = (page: Page) =>
  page.evaluate(async () => {
    for (let idle = 0; idle < 20;) {
      const began = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 100));
      idle = performance.now() - began < 130 ? idle + 1 : 0;
    }
  });
