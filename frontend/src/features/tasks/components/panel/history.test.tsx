import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { HistoryEvent } from "../../api/get-task-history";
import { renderSignedIn } from "@/testing/render";
import { server } from "@/testing/server";
import { makeTask } from "@/testing/tasks";
import { History } from "./history";

test("each change says by whom it was made", async () => {
  const actors = [
    "user:019aa8ef-1000-7b20-9c3d-4e5f60718293",
    "assistant:Claude Code/019aa8ef-1000-7b20-9c3d-4e5f60718294",
    "token:019aa8ef-1000-7b20-9c3d-4e5f60718294",
    "system:recurring-spawn",
  ];
  const task = makeTask();
  const items = actors.map((actor, i): Partial<HistoryEvent> => ({
    ...{ id: `e${i}`, task_id: task.id, event_type: "task.completed", actor, changed_fields: {} },
    time: "2025-03-04T09:00:00Z",
  }));
  server.use(
    http.get(`*/api/todos/${task.id}/history`, () => HttpResponse.json({ items, next_cursor: null })),
  );
  const { user } = renderSignedIn(<History task={task} />);
  await user.click(screen.getByRole("button", { name: "History" }));
  const lines = await screen.findAllByRole("listitem");
  const by = lines.map((line) => line.textContent.split(" · ").slice(1).join());
  expect(by).toEqual(["automatically", "with an access token", "Claude Code", ""]);
});
