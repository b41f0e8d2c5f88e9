import { useInfiniteQuery } from "@tanstack/react-query";
import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { Problem } from "@/lib/api/problem";
import { renderSignedIn } from "@/testing/render";
import { PagedList } from "./paged-list";

/** The pages that fail. */
let failing: number[];

beforeEach(() => {
  failing = [];
});

/** Two pages of one item each. */
function Pages() {
  const query = useInfiniteQuery({
    queryKey: ["pages"],
    queryFn: ({ pageParam }) =>
      failing.includes(pageParam)
        ? Promise.reject(new Problem(403, "No", "That failed."))
        : Promise.resolve({ items: [`item ${pageParam}`] }),
    initialPageParam: 1,
    getNextPageParam: (_, pages) => (pages.length < 2 ? 2 : null),
  });
  return (
    <PagedList name="Things" query={query} waiting={null} nothing="Nothing">
      {(item) => <li key={item}>{item}</li>}
    </PagedList>
  );
}

test("older items that cannot be fetched are said to be missing, and fetched by another try", async () => {
  failing = [2];
  const { user } = renderSignedIn(<Pages />);
  await user.click(await screen.findByRole("button", { name: "Older" }));
  expect(await screen.findByText("That failed.")).toHaveRole("alert");
  expect(screen.getByText("item 1")).toBeVisible();
  failing = [];
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("item 2")).toBeVisible();
  expect(screen.queryByText("That failed.")).toBeNull();
});

test("a list that cannot be fetched is fetched by another try", async () => {
  failing = [1];
  const { user } = renderSignedIn(<Pages />);
  expect(await screen.findByText("That failed.")).toHaveRole("alert");
  expect(screen.queryByText("Nothing")).toBeNull();
  failing = [];
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.getByText("item 1")).toBeVisible());
});
