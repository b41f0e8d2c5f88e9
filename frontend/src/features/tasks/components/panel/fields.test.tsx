import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { makeTask } from "@/testing/tasks";
import { taskStore } from "../../store";
import { Subtasks } from "./subtasks";
import { TagsField } from "./tags-field";
import { Title } from "./title";

test("a subtask that is being typed is still there when the details are opened again", async () => {
  const open = (id: string) => renderSignedIn(<Subtasks task={makeTask({ id })} onOpen={() => {}} />);
  const field = () => screen.getByRole("textbox", { name: "New subtask" });
  const first = open("a");
  await first.user.type(field(), "Buy paint");
  first.unmount();
  const other = open("b");
  expect(field()).toHaveValue("");
  other.unmount();
  const again = open("a");
  expect(field()).toHaveValue("Buy paint");
  await again.user.clear(field());
  again.unmount();
  open("a");
  expect(field()).toHaveValue("");
});

test("Escape clears a tag that is being typed, and only then reaches the details", async () => {
  const escaped = vi.fn();
  const changed = vi.spyOn(taskStore, "change").mockReturnValue(null as never);
  const task = makeTask();
  const { user, unmount } = renderSignedIn(
    <div onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && escaped()}>
      <TagsField task={task} />
    </div>,
  );
  const field = screen.getByRole("combobox", { name: "Add a tag" });
  await user.type(field, "oops{Escape}");
  expect(field).toHaveValue("");
  expect(escaped).not.toHaveBeenCalled();
  await user.keyboard("{Escape}");
  expect(escaped).toHaveBeenCalledOnce();
  unmount();
  expect(changed).not.toHaveBeenCalled();
});

const tooLong = "x".repeat(501);

test.each([
  ["New subtask", <Subtasks key="subtasks" task={makeTask()} onOpen={() => {}} />],
  ["Add a tag", <TagsField key="tags" task={makeTask()} />],
  ["Title", <Title key="title" task={makeTask()} />],
])("why a text is not saved is said of its field: %s", async (label, field) => {
  const { user } = renderSignedIn(field);
  const input = screen.getByLabelText(label);
  expect(input).not.toHaveAccessibleDescription();
  await user.click(input);
  await user.paste(tooLong);
  await user.tab();
  expect(input).toBeInvalid();
  expect(input).toHaveAccessibleDescription(screen.getByRole("alert").textContent);
});
