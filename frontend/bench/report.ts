import { loadavg } from "node:os";
import type { Page } from "@playwright/test";
import type { User } from "../e2e/fixtures";

export async function fill(user: User, count: number) {
  for (let from = 0; from < count; from += 100) {
    await user.batch(
      Array.from({ length: 100 }, (_, i) => ({
        op: "create",
        task: {
          title: `Task number ${from + i}`,
          // As lists of people are: a third has dates, tags and projects.
          ...((from + i) % 3 === 0
            ? {
                due_at: new Date(Date.now() + (from + i + 24) * 3_600_000).toISOString(),
                project: `Project ${(from + i) % 7}`,
                tags: ["errand"],
              }
            : {}),
        },
      })),
    );
  }
}

const quantile = (values: number[], q: number) =>
  [...values].sort((a, b) => a - b).at(Math.floor((values.length - 1) * q)) ?? NaN;
export const describe = (values: number[]) =>
  `median ${quantile(values, 0.5).toFixed(0)} ms, p95 ${quantile(values, 0.95).toFixed(0)} ms, most ${Math.max(...values).toFixed(0)} ms (${values.length})`;
export const say = (what: string, value: string) => console.log(`| ${what} | ${value} |`);
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
