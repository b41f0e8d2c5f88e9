import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/**
 * Axe finds nothing serious on the page as it is now: by all of its rules in the light, and by contrast in the dark, where
 * colours are all that differs.
 */
export async function expectAccessible(page: Page, name: string) {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme });
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
