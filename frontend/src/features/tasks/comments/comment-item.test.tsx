import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { CommentItem } from "./comment-item";

const written = (at: Date) => ({
  ...{ id: "c1", task_id: "t1", text: "Ring first", actor: "user:1", edited_at: null, version: 1 },
  created_at: at.toISOString(),
});

test("the buttons of a comment say when it was written, within a sentence", () => {
  const at = new Date();
  at.setHours(9, 0, 0, 0);
  renderSignedIn(<CommentItem comment={written(at)} waiting={false} onDeleted={() => {}} />);
  expect(screen.getByText(/^Today, 0?9:00/)).toBeVisible();
  expect(screen.getByRole("button", { name: /^Edit the comment from today, 0?9:00/ })).toBeVisible();
  expect(screen.getByRole("button", { name: /^Delete the comment from today, 0?9:00/ })).toBeVisible();
});

test.each([
  ["is on its button after an edit", null],
  ["stays where the user has gone since", "New comment"],
])("the focus %s", async (_, gone) => {
  const { user } = renderSignedIn(
    <>
      <CommentItem comment={written(new Date())} waiting={false} onDeleted={() => {}} />
      <input aria-label="New comment" />
    </>,
  );
  await user.click(screen.getByRole("button", { name: /^Edit/ }));
  let paint = () => {};
  vi.spyOn(window, "requestAnimationFrame").mockImplementation((frame) => {
    paint = () => frame(0);
    return 0;
  });
  await user.keyboard("{Escape}");
  if (gone) screen.getByRole("textbox", { name: gone }).focus();
  paint();
  expect(
    gone ? screen.getByRole("textbox", { name: gone }) : screen.getByRole("button", { name: /^Edit/ }),
  ).toHaveFocus();
});
