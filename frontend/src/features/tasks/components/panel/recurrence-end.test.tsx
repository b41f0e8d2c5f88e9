import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { EndOfSeries } from "./recurrence-end";

test("a series is first proposed to end on the same day of the next year", async () => {
  const onChange = vi.fn();
  render(<EndOfSeries end={{ kind: "never" }} due={new Date("2026-12-01T09:00:00Z")} onChange={onChange} />);
  await userEvent.selectOptions(screen.getByRole("combobox"), "until");
  expect(onChange).toHaveBeenCalledWith({ kind: "until", until: "2027-12-01" });
});
