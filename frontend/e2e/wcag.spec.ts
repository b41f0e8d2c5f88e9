import { expect, isLive, test } from "./fixtures";

// What axe does not judge: docs/accessibility.md has the whole walk.

const pages = ["/?view=all", "/projects", "/trash", "/settings", "/settings/security", "/settings/data"];

/** What a reader may set, by WCAG 1.4.12. */
const spacing = `
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
  p { margin-bottom: 2em !important }`;

/** Texts that are cut off without an ellipsis or a way to scroll. */
const clipped = () =>
  [...document.querySelectorAll<HTMLElement>("main *, nav *, header *")]
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.nodeValue?.trim()))
    .filter((e) => {
      const { overflowX, overflowY, textOverflow } = getComputedStyle(e);
      const hides = [overflowX, overflowY].some((o) => o === "hidden" || o === "clip");
      if (!hides || e.clientHeight < 2) return false; // 1 px: for screen readers only
      return (
        e.scrollHeight > e.clientHeight + 1 ||
        (textOverflow !== "ellipsis" && e.scrollWidth > e.clientWidth + 1)
      );
    })
    .map((e) => e.outerHTML.slice(0, 160));

/** Targets under 24 px that another is too near to; links within a sentence are exempt. */
const small = () => {
  const box = (e: Element) => e.getBoundingClientRect();
  const targets = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(
    (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && box(e).width > 1,
  );
  const middle = (e: Element) => [box(e).x + box(e).width / 2, box(e).y + box(e).height / 2] as const;
  const near = (e: Element, other: Element) => {
    const [x, y] = middle(e);
    const { left, right, top, bottom } = box(other);
    return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom)) < 12;
  };
  return targets
    .filter((e) => box(e).width < 24 || box(e).height < 24)
    .filter((e) => !(e.tagName === "A" && getComputedStyle(e).display === "inline"))
    .filter((e) =>
      targets.some((other) => other !== e && !other.contains(e) && !e.contains(other) && near(e, other)),
    )
    .map((e) => e.outerHTML.slice(0, 160));
};

/** The element with the focus, by its place in the document, and whether it can be seen, at least in part. */
const focused = () => {
  const e = document.activeElement;
  // After the last element, some browsers focus their own address bar.
  if (!e || e === document.body || !document.hasFocus()) return null;
  const { left, right, top, bottom } = e.getBoundingClientRect();
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const seen = [
    [x, y],
    [left + 2, top + 2],
    [right - 2, bottom - 2],
  ].some(([x, y]) => {
    const found = document.elementFromPoint(x!, y!);
    return found !== null && (e.contains(found) || found.contains(e));
  });
  return { place: [...document.querySelectorAll("*")].indexOf(e), seen, html: e.outerHTML.slice(0, 160) };
};

test("pages reflow, bear wider spacing, have targets of 24 px and never hide the focus", async ({
  user,
  context,
}) => {
  for (const title of ["Pay the rent", "Water the plants"]) {
    await user.create({ title, project: "Home", tags: ["errand"], priority: "high", due_date: "2026-01-01" });
  }
  const page = await user.signIn(context);
  const problems: string[] = [];
  for (const path of pages) {
    const note = (what: string, found: string[]) =>
      problems.push(...found.map((html) => `${path}: ${what}: ${html}`));
    // 320 px are 1,280 at 400 %.
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(path);
    await isLive(page);
    note("small", await page.evaluate(small));
    await page.addStyleTag({ content: spacing });
    note("clipped", await page.evaluate(clipped));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) note("scrolls sideways", [`${wide} px`]);
    const reached = new Set<number>();
    for (let i = 0; i < 15; i++) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate(focused);
      if (focus) reached.add(focus.place);
      if (focus && !focus.seen) note("focus hidden", [focus.html]);
    }
    // Every page has the link to its content, the menu and the bell.
    if (reached.size < 3) note("Tab moves the focus", [`to ${reached.size} elements`]);
    await page.setViewportSize({ width: 1280, height: 800 });
    await expect(page.getByRole("navigation", { name: "Tasks" }).first()).toBeVisible();
    note("small on a desktop", await page.evaluate(small));
    note("clipped on a desktop", await page.evaluate(clipped));
  }
  expect(problems).toEqual([]);
});
