import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import { createElement, type ReactNode } from "react";
import { expect, test } from "vitest";
import { useReading } from "./use-reading";

const client = new QueryClient();
const wrapper = ({ children }: { children: ReactNode }) =>
  createElement(QueryClientProvider, { client }, children);

test("whether a text is understood is not known before the grammar is there", async () => {
  const { result, rerender } = renderHook(({ text }) => useReading(text), {
    ...{ wrapper, initialProps: { text: "every 2 weeks" } },
  });
  expect(result.current).toBeUndefined();
  await waitFor(() => expect(result.current?.recurrence?.rrule).toBe("FREQ=WEEKLY;INTERVAL=2"));
  rerender({ text: "every so often" });
  expect(result.current).toBeNull();
});
