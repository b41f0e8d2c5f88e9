import { expect, type Page } from "@playwright/test";
import axe, { type RunOptions } from "axe-core";

/** What axe finds serious on the current page. It is put into a document once, and reports no more than that. */
async function seriousOn(page: Page, options: RunOptions): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(
    async (options) => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, options);
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`);
    },
    { ...options, resultTypes: ["violations"] } satisfies RunOptions,
  );
}

/**
 * Axe finds no serious problem on the current page: with all rules in the light theme, and with the contrast rules in
 * the dark theme, which differs only in colours.
 */
export async function expectAccessible(page: Page, name: string) {
  // The rules judge the same document as in Chromium, and running them ends Firefox's process of the page at random.
  if (page.context().browser()?.browserType().name() === "firefox") return;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme });
    // Axe must not see colours half way: the page hears of another scheme later, and transitions take a frame or more
    // even with reduced motion.
    await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
    await page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      await Promise.allSettled(
        document
          .getAnimations()
          .filter((animation) => animation instanceof CSSTransition)
          .map((transition) => transition.finished),
      );
    });
    const found = await seriousOn(page, colorScheme === "dark" ? { runOnly: ["color-contrast"] } : {});
    expect(found, `${name}, ${colorScheme}`).toEqual([]);
  }
}
