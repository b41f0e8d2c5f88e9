import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/**
 * Axe finds no serious problem on the current page: with all rules in the light theme, and with the contrast rules in
 * the dark theme, which differs only in colours.
 */
export async function expectAccessible(page: Page, name: string) {
  // The rules judge the same document as in Chromium, and running them ends Firefox's process of the page at random.
  if (page.context().browser()?.browserType().name() === "firefox") return;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme });
    // Colours change by transitions, which take a frame even with reduced motion: axe must not see them half way.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    const axe = new AxeBuilder({ page });
    if (colorScheme === "dark") axe.withRules(["color-contrast"]);
    const { violations } = await axe.analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(
      serious.map(
        ({ id, nodes }) =>
          `${name}, ${colorScheme}: ${id}: ${nodes.map((n) => n.html.slice(0, 200)).join(" | ")}`,
      ),
    ).toEqual([]);
  }
}
