import { afterEach, expect, test, vi } from "vitest";
import { makeQueryClient } from "@/lib/query-client";
import { readTask } from "./reader";

vi.mock("./read", () => new Promise(() => {})); // its request hangs

afterEach(() => void vi.useRealTimers());

const asksBeforeLeaving = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));

test("a task whose grammar does not come has its text as the title, and is not lost until then", async () => {
  vi.useFakeTimers();
  const task = readTask(makeQueryClient(), "Buy milk tomorrow");
  expect(asksBeforeLeaving()).toBe(true);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await task).toEqual({ title: "Buy milk tomorrow" });
  expect(asksBeforeLeaving()).toBe(false);
});
