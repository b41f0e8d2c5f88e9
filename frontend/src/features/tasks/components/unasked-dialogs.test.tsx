import { act, screen } from "@testing-library/react";
import { type ReactElement, useState } from "react";
import { expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { makeTask } from "@/testing/tasks";
import type { Op } from "../outbox/op";
import { taskStore } from "../store";
import { ConflictDialog } from "./conflict-dialog";
import { SeriesQuestionDialog } from "./series-question-dialog";
import { UndoConflictDialog } from "./undo-conflict-dialog";

const task = makeTask({ id: "a", title: "Roses", description: "Theirs" });
const done = vi.fn();

const edit: Op = {
  ...{ key: "edit", at: 0, version: 1 },
  change: { kind: "patch", id: "a", patch: { description: "Mine" }, before: {} },
};
const undo: Op = {
  ...{ key: "undo", at: 0, version: 1 },
  change: { kind: "undo", id: "b", event: { id: "c" }, effects: [] },
};

const dialogs: [name: string, () => ReactElement][] = [
  ["conflict", () => <ConflictDialog conflict={{ op: edit, theirs: task }} onDone={done} />],
  ["conflict of an undo", () => <UndoConflictDialog conflict={{ op: undo, fields: [] }} onDone={done} />],
  [
    "question",
    () => <SeriesQuestionDialog question={{ tasks: [task], about: "edit", answer: done }} onClose={done} />,
  ],
];

test.each(dialogs)(
  "a %s that turns up while the user types is not decided by what is typed",
  async (_, dialog) => {
    const discard = vi.spyOn(taskStore, "discard").mockImplementation(() => {});
    let arrive = () => {};
    function Page() {
      const [shown, setShown] = useState(false);
      arrive = () => setShown(true);
      return (
        <>
          <input aria-label="New task" />
          {shown ? dialog() : null}
        </>
      );
    }
    const { user } = renderSignedIn(<Page />);
    await user.type(screen.getByRole("textbox"), "call");
    await act(async () => arrive());
    expect(await screen.findByRole("dialog")).toHaveFocus();
    await user.keyboard(" the{Enter}");
    expect(done).not.toHaveBeenCalled();
    expect(discard).not.toHaveBeenCalled();
    await user.tab();
    expect(screen.getAllByRole("button")[0]).toHaveFocus();
  },
);
