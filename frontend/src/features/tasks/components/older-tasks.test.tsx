import { act, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, expect, test, vi } from "vitest";
import { live } from "@/lib/live/live";
import { renderSignedIn } from "@/testing/render";
import { problem, server } from "@/testing/server";
import { makeTask } from "@/testing/tasks";
import { completedKept, pageSize } from "../replica/load";
import { taskStore } from "../store";
import { plainQuery } from "../view/query";
import { OlderTasks } from "./older-tasks";

let receive: (name: string) => void;

afterEach(() => {
  taskStore.stop();
  live.leading = false;
});

/** The user has that many completed tasks, and they are loaded by this tab. */
async function start(completed: number) {
  const tasks = Array.from({ length: completed }, () => makeTask({ completed: true }));
  server.use(
    http.get("*/api/todos", ({ request }) => {
      const query = new URL(request.url).searchParams;
      if (query.get("status") === "open") return HttpResponse.json({ items: [], next_cursor: null });
      const from = Number(query.get("cursor") ?? 0);
      const next = from + pageSize;
      const cursor = next < completed ? String(next) : null;
      return HttpResponse.json({ items: tasks.slice(from, next), next_cursor: cursor });
    }),
    http.all("*/api/*", () => problem(503)),
  );
  const handlers: [string, (data: never, id: string) => void][] = [];
  vi.spyOn(live, "on").mockImplementation((name, handle) => {
    handlers.push([name, handle as never]);
    return () => {};
  });
  vi.spyOn(live, "start").mockImplementation(() => {});
  receive = (name) => {
    for (const [of, handle] of handlers) if (of === name) handle({} as never, "e-1");
  };
  live.leading = true;
  await taskStore.start("older");
  await reloaded(() => receive("hello"));
}

/** The end of a reload drops what was loaded beside it, so its last page is not enough. */
async function reloaded(ask: () => void) {
  const before = taskStore.getReloads();
  ask();
  await waitFor(() => expect(taskStore.getReloads()).toBe(before + 1));
  expect(taskStore.snapshot.tasks.size).toBe(completedKept);
}

test("older tasks that a reload has dropped can be loaded again", async () => {
  const { user } = renderSignedIn(<OlderTasks query={{ ...plainQuery, view: "completed" }} />);
  await act(() => start(completedKept + 50));
  const load = async () => {
    await user.click(await screen.findByRole("button", { name: "Load older tasks" }));
    await screen.findByText("No older tasks");
    expect(taskStore.snapshot.tasks.size).toBe(completedKept + 50);
  };
  await load();
  await reloaded(() => act(() => receive("sync.reset")));
  await load();
});
