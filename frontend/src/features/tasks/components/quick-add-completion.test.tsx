import { fireEvent, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { expect, test, vi } from "vitest";
import { QuickAddCompletion } from "./quick-add-completion";

vi.mock("../labels/use-labels", () => ({
  useLabels: (kind: string) => (kind === "tag" ? [{ name: "garden" }, { name: "work" }] : []),
  useSections: () => [],
}));

/** An input whose last letters its effects have not seen yet. */
function Field({ text, setText }: { text: string; setText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input ref={input} aria-label="New task" defaultValue={text} autoFocus />
      <QuickAddCompletion input={input} text={text} setText={setText} onPick={vi.fn()} />
    </>
  );
}

test.each([
  ["Mow @g", "Mow @garden "],
  ["Mow @w", "Mow @work "],
  ["Mow @x", undefined],
])("what was typed just before a key counts: %s", (typed, taken) => {
  const setText = vi.fn();
  render(<Field text="Mow @" setText={setText} />);
  const input = screen.getByRole<HTMLInputElement>("textbox");
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["garden", "work"]);
  input.value = typed;
  input.setSelectionRange(typed.length, typed.length);
  fireEvent.keyDown(input, { key: "Tab" });
  expect(setText.mock.calls).toEqual(taken === undefined ? [] : [[taken]]);
  expect(screen.queryByRole("listbox")).toBeNull();
});
