import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { QuickAddMissed } from "./quick-add-missed";

const understood = (title: string, ...missed: string[]) => ({ title, tags: [], parts: [], missed });

test("what was not understood is announced after a pause, and at once no more when it is understood", async () => {
  const view = render(<QuickAddMissed understood={understood("pay every 8 h", "every 8 h")} />);
  expect(screen.getByRole("status")).toBeEmptyDOMElement();
  view.rerender(<QuickAddMissed understood={understood("pay every 8 hours", "every 8 hours")} />);
  expect(await screen.findByText(/so everything is the title: “every 8 hours”$/)).toBeVisible();
  view.rerender(<QuickAddMissed understood={understood("pay")} />);
  expect(screen.getByRole("status")).toBeEmptyDOMElement();
});

test("beside what was understood", async () => {
  const part = { from: 5, to: 10, kind: "due" as const, text: "today" };
  render(<QuickAddMissed understood={{ ...understood("call before friday", "friday"), parts: [part] }} />);
  expect(
    await screen.findByText(/^Not recognized as a date, so it stays in the title: “friday”$/),
  ).toBeVisible();
});

test("a date without a title", async () => {
  render(<QuickAddMissed understood={understood("tomorrow", "tomorrow")} />);
  expect(await screen.findByText(/^That’s only a date/)).toBeVisible();
});
