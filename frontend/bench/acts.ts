import type { Page } from "@playwright/test";
import { expect, isLive } from "../e2e/fixtures";
import { keyToPaint, type Paint, type Sign } from "./key-to-paint";
import { quantile, say, sayLoad, settled } from "./report";

/** Something that a user does with one press of a key or the mouse. */
export interface Act {
  name: string;
  /** Brings the page to where the act begins. It is not measured. */
  from?: (page: Page) => Promise<unknown>;
  press: (page: Page) => Promise<unknown>;
  /** What is then to be seen. */
  shows: Sign | (() => Sign);
  /** Waits for what the act leaves to be done. It is not measured either. */
  then?: (page: Page) => Promise<unknown>;
}

const ROUNDS = Number(process.env.ROUNDS ?? 10);
/** How often an act is done after each load of the page. The first time, code that it needs is loaded or compiled. */
const USES = 2;

/** Opens a list, and waits until it has its rows and the page is idle. */
export async function openList(page: Page, path: string, rows: RegExp) {
  await page.goto(path);
  await isLive(page);
  await expect(page.getByRole("grid").first()).toHaveAttribute("aria-rowcount", rows);
  await settled(page);
}

export const rowCount = async (page: Page) =>
  Number(await page.getByRole("grid").first().getAttribute("aria-rowcount"));

const idle = (page: Page) =>
  page.evaluate(
    () => new Promise<void>((resolve) => requestIdleCallback(() => resolve(), { timeout: 2000 })),
  );

/** Does the acts one after the other, twice in each of several loads of the page, and says how long they took. */
export async function measure(
  page: Page,
  open: () => Promise<unknown>,
  acts: readonly Act[],
  rounds = ROUNDS,
) {
  const took = acts.map((act) => ({ act, first: [] as Paint[], again: [] as Paint[] }));
  for (let round = 0; round < rounds; round++) {
    await open();
    for (let use = 0; use < USES; use++) {
      for (const { act, first, again } of took) {
        await act.from?.(page);
        await idle(page);
        const sign = typeof act.shows === "function" ? act.shows() : act.shows;
        (use === 0 ? first : again).push(await keyToPaint(page, () => act.press(page), sign));
        await act.then?.(page);
      }
    }
  }
  sayLoad();
  const fast = fullSpeed(took.flatMap(({ first, again }) => [...first, ...again]));
  say("act", "first use: median", "p95", "again: median", "p95", "at full speed: median", "of");
  for (const { act, first, again } of took)
    say(act.name, ...figures(first), ...figures(again), ...atFullSpeed(again, fast));
}

/**
 * The longest pace that counts as the machine's full speed. Other load on its cores may halve it for a second and be
 * gone in the next, so acts are selected by how long the fixed work took, never by how long they took themselves.
 */
function fullSpeed(paints: readonly Paint[]): number {
  const pace = (q: number) =>
    quantile(
      paints.map((paint) => paint.pace),
      q,
    );
  const [best, median, most] = [pace(0.02), pace(0.5), pace(0.95)];
  console.log(
    `the same work took ${best.toFixed(1)} ms at its best, in the median ${median.toFixed(1)}, p95 ${most.toFixed(1)}`,
  );
  return best * 1.25;
}

const figures = (paints: readonly Paint[]) =>
  [0.5, 0.95].map(
    (q) =>
      `${quantile(
        paints.map(({ took }) => took),
        q,
      ).toFixed(0)} ms`,
  );

function atFullSpeed(paints: readonly Paint[], fast: number): string[] {
  const took = paints.filter(({ pace }) => pace <= fast).map((paint) => paint.took);
  return [took.length > 0 ? `${quantile(took, 0.5).toFixed(0)} ms` : "", `${took.length}`];
}
