import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { makeTask, mapOf } from "@/testing/tasks";
import { patchTask } from "../changes";
import { taskStore } from "../store";
import type { Task } from "../task";
import { ProjectField } from "./panel/project-field";
import { TitleEditor } from "./title-editor";

const task = makeTask({ title: "Buy bread", project: "Home", version: 1 });
const elsewhere = { ...task, title: "Buy rye bread", project: "House", version: 2 };
const change = vi.fn<typeof taskStore.change>();

const hold = (held: Task) =>
  (taskStore.snapshot = { tasks: mapOf(held), loaded: true, waiting: 0, unsaved: [], ops: [] });

beforeEach(() => {
  change.mockReset();
  vi.spyOn(taskStore, "change").mockImplementation(change);
  hold(task);
});

const onDone = (title: string | null, seen: Task) => {
  if (title !== null) patchTask(seen.id, { title }, seen);
};

/** Another device changes the task while its field is open. */
function changeElsewhere(field: (task: Task) => React.ReactElement) {
  const { rerender, unmount } = render(field(task));
  return {
    unmount,
    change: () => {
      hold(elsewhere);
      rerender(field(elsewhere));
    },
  };
}

const fields = [
  ["title", (task: Task) => <TitleEditor task={task} onDone={onDone} />, "Title"],
  ["project", (task: Task) => <ProjectField task={task} />, "Project"],
] as const;

test.each(fields)(
  "a %s that was changed elsewhere stays if nothing else was typed",
  async (field, show, name) => {
    const shown = changeElsewhere(show);
    const user = userEvent.setup();
    const input = screen.getByRole(field === "title" ? "textbox" : "combobox", { name });
    await user.click(input);
    await user.type(input, "s{Backspace}");
    shown.change();
    await user.keyboard("{Enter}");
    shown.unmount();
    expect(change).not.toHaveBeenCalled();
  },
);

test.each(fields)("what is typed into a %s is a change of what was seen", async (field, show, name) => {
  const shown = changeElsewhere(show);
  const user = userEvent.setup();
  await user.type(screen.getByRole(field === "title" ? "textbox" : "combobox", { name }), "s");
  shown.change();
  await user.keyboard("{Enter}");
  shown.unmount();
  expect(change).toHaveBeenCalledOnce();
  const [made, how] = change.mock.lastCall!;
  expect(made).toMatchObject({ before: { [field]: task[field] }, patch: { [field]: `${task[field]}s` } });
  expect(how).toEqual({ basedOn: task });
});

test("so is a title whose row is scrolled out of view", async () => {
  const shown = changeElsewhere((task) => <TitleEditor task={task} onDone={onDone} />);
  const user = userEvent.setup();
  await user.type(screen.getByRole("textbox"), "s");
  shown.change();
  shown.unmount();
  expect(change.mock.lastCall?.[1]).toEqual({ basedOn: task });
});
