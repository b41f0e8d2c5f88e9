import { screen, waitFor } from "@testing-library/react";
import { http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { problem, server } from "@/testing/server";
import { taskStore } from "../store";
import { plainQuery } from "../view/query";
import { QuickAdd } from "./quick-add";

vi.mock("next/navigation", () => ({ usePathname: () => "/", useRouter: () => ({ push: vi.fn() }) }));

const made: string[] = [];

beforeEach(() => {
  server.use(http.get("*/api/preferences", () => problem(503)));
  made.length = 0;
  vi.spyOn(taskStore, "change").mockImplementation((change) => {
    if (change.kind === "create") made.push(change.task.title);
    return { key: "", at: 0, version: null, change };
  });
});

async function pasteInto(typed: string, pasted: string) {
  const { user } = renderSignedIn(<QuickAdd query={plainQuery} />);
  const input = screen.getByRole("combobox", { name: "New task" });
  await user.click(input);
  if (typed) await user.keyboard(typed);
  await user.paste(pasted);
  return { user, input };
}

const offer = () => screen.queryByText(/^You pasted/);
const lines = (n: number) => Array.from({ length: n }, (_, i) => `line ${i + 1}`);

test.each(["{Enter}", "{Escape}"])("the offer to add pasted lines ends with %s", async (key) => {
  const { user, input } = await pasteInto("", "milk\nbread\neggs");
  expect(await screen.findByText("You pasted 3 lines.")).toBeVisible();
  await user.keyboard(key);
  await user.keyboard("another");
  expect(input).toHaveValue("another");
  expect(offer()).toBeNull();
});

test("what is typed after a paste is no line of it, and ends the offer", async () => {
  const { user, input } = await pasteInto("", "milk\nbread");
  await screen.findByText("You pasted 2 lines.");
  await user.keyboard(" tomorrow");
  expect(input).toHaveValue("milk bread tomorrow");
  expect(offer()).toBeNull();
});

test("what was typed before a paste stays when the lines are added", async () => {
  const { user, input } = await pasteInto("Call Ann{ArrowLeft>3/}", "milk\nbread");
  expect(input).toHaveValue("Call milk bread Ann");
  await user.click(await screen.findByRole("button", { name: "Add 2 tasks" }));
  expect(input).toHaveValue("Call Ann");
  await waitFor(() => expect(made.toSorted()).toEqual(["bread", "milk"]));
  expect(offer()).toBeNull();
});

test("what is selected is replaced by pasted lines", async () => {
  const { user, input } = await pasteInto("Call Ann", "");
  (input as HTMLInputElement).select();
  await user.paste("milk\nbread");
  expect(input).toHaveValue("milk bread");
});

test("of more lines than are added at once the others stay, and are offered next", async () => {
  const { user, input } = await pasteInto("", lines(203).join("\n"));
  expect(await screen.findByText(/^You pasted 203 lines\. The last 3 stay in the field\.$/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Add 200 tasks" }));
  expect(input).toHaveValue("line 201 line 202 line 203");
  await waitFor(() => expect(made).toHaveLength(200));
  expect(await screen.findByText("3 lines are left.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Add 3 tasks" }));
  expect(input).toHaveValue("");
  await waitFor(() => expect(made.toSorted()).toEqual(lines(203).toSorted()));
});
