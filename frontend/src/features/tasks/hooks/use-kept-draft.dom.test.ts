import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useKeptDraft } from "./use-kept-draft";

const show = (userId?: string) =>
  renderHook(({ userId }) => useKeptDraft("task", "new", userId), { initialProps: { userId } });

test("a draft is there as soon as the page knows its user, and no user has that of another", () => {
  const { result: before } = show("ada");
  act(() => before.current[1]("Buy milk"));
  const { result, rerender } = show();
  expect(result.current[0]).toBe("");
  rerender({ userId: "ada" });
  expect(result.current[0]).toBe("Buy milk");
  rerender({ userId: "grace" });
  expect(result.current[0]).toBe("");
});

test("what is typed before the page knows its user stays", () => {
  const { result, rerender } = show();
  act(() => result.current[1]("Call the bank"));
  rerender({ userId: "ada" });
  expect(result.current[0]).toBe("Call the bank");
});
