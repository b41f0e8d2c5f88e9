import { act, screen } from "@testing-library/react";
import { http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { problem, server } from "@/testing/server";
import { beginTask, continueTask } from "../quick-add/requests";
import { plainQuery } from "../view/query";
import { QuickAdd } from "./quick-add";

vi.mock("next/navigation", () => ({ usePathname: () => "/", useRouter: () => ({ push: vi.fn() }) }));

beforeEach(() => server.use(http.get("*/api/preferences", () => problem(503))));

const show = () => renderSignedIn(<QuickAdd query={plainQuery} />);
const input = () => screen.getByRole("combobox", { name: "New task" });

test("a suggestion does not replace what is typed, and what is shared comes after it", async () => {
  const { user } = show();
  act(() => beginTask("pay rent every 1st"));
  expect(input()).toHaveValue("pay rent every 1st");
  await user.clear(input());
  await user.type(input(), "Buy");
  act(() => (document.activeElement as HTMLElement).blur());
  act(() => beginTask("pay rent every 1st"));
  expect(input()).toHaveFocus();
  expect(input()).toHaveValue("Buy");
  act(() => continueTask("https://a.example/x"));
  expect(input()).toHaveValue("Buy https://a.example/x");
});

test("what is typed is still there when the page is rendered anew, and not once it was taken back", async () => {
  const { user, unmount } = show();
  await user.type(input(), "Buy milk");
  unmount();
  const again = show();
  expect(input()).toHaveValue("Buy milk");
  await user.type(input(), "{Escape}");
  again.unmount();
  show();
  expect(input()).toHaveValue("");
});
