import { QueryClientProvider } from "@tanstack/react-query";
import { renderHook } from "@testing-library/react";
import { http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { makeQueryClient } from "@/lib/query-client";
import { problem, server } from "@/testing/server";
import { makeTask, mapOf } from "@/testing/tasks";
import { taskStore } from "../store";
import { plainQuery, type TaskQuery } from "../view/query";
import { useRows } from "./use-rows";

beforeEach(() => {
  server.use(http.all("*/api/*", () => problem(503)));
  const tasks = mapOf(makeTask({ completed: true }));
  taskStore.snapshot = { ...taskStore.snapshot, tasks, loaded: true };
});

test.each<[Partial<TaskQuery>, boolean]>([
  [{}, false],
  [{ view: "completed" }, true],
  [{ view: "today", q: "rent" }, true],
  [{ filter: "#work" }, false],
  [{ filter: "completed last 30 days" }, true],
  [{ filter: "#work | completed", group: "priority" }, true],
  [{ view: "completed", filter: "#work" }, true],
  [{ filter: "due soon" }, false],
])(
  "whether the list of %j has completed tasks, of which there may be older ones: %j",
  async (fields, has) => {
    const client = makeQueryClient();
    const { result } = renderHook(() => useRows({ ...plainQuery, ...fields }), {
      wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
    });
    await expect.poll(() => result.current.loaded).toBe(true);
    expect(result.current.completed).toBe(has);
  },
);
