import { screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { address } from "@/lib/address";
import { renderSignedIn } from "@/testing/render";
import { parseTaskQuery, plainQuery, type TaskQuery } from "../view/query";
import { EmptyList } from "./empty-list";

vi.mock("next/navigation", () => ({ usePathname: () => "/", useRouter: () => ({}) }));

// The address is told to Next after the next frame, which may come when the test's page is gone.
afterEach(address.left);

/** As the page shows a view whose filter is `overdue`. */
const inView: TaskQuery = { ...plainQuery, saved: "view-1", filter: "overdue" };

test.each([
  ["a saved view", "/?v=view-1", inView, "Show all tasks", plainQuery],
  [
    "a search in one",
    "/?v=view-1&q=tea",
    { ...inView, q: "tea" },
    "Clear search and filters",
    { ...plainQuery, saved: "view-1" },
  ],
  [
    "a filter",
    "/?view=all&filter=overdue",
    { ...plainQuery, filter: "overdue" },
    "Clear search and filters",
    plainQuery,
  ],
])("the button of an empty list does something: %s", async (_, href, query, name, after) => {
  address.go(href, "replace");
  const { user } = renderSignedIn(<EmptyList query={query} />);
  await user.click(screen.getByRole("button", { name }));
  expect(parseTaskQuery(address.current())).toEqual(after);
});
