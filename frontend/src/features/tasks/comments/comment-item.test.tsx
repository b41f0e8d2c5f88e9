import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { CommentItem } from "./comment-item";

test("the buttons of a comment say when it was written, within a sentence", () => {
  const at = new Date();
  at.setHours(9, 0, 0, 0);
  const comment = {
    ...{ id: "c1", task_id: "t1", text: "Ring first", actor: "user:1", edited_at: null, version: 1 },
    created_at: at.toISOString(),
  };
  renderSignedIn(<CommentItem comment={comment} waiting={false} onDeleted={() => {}} />);
  expect(screen.getByText(/^Today, 0?9:00/)).toBeVisible();
  expect(screen.getByRole("button", { name: /^Edit the comment from today, 0?9:00/ })).toBeVisible();
  expect(screen.getByRole("button", { name: /^Delete the comment from today, 0?9:00/ })).toBeVisible();
});
