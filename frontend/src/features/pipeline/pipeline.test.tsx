import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { account, problem, server } from "@/testing/server";
import { PipelinePage } from "./components/pipeline-page";
import {
  type DeadLetter,
  describeLatency,
  describeRate,
  describeWait,
  type Group,
  type Pipeline,
} from "./pipeline";

vi.mock("@/features/shell", () => ({ Header: ({ title }: { title: string }) => <h1>{title}</h1> }));

const calls: string[] = [];
let letters: DeadLetter[] = [];
const group = (name: string, topic: string, lag: number, rate: number | null): Group => ({
  group: name,
  state: "Stable",
  members: 1,
  lag,
  handled_per_second: rate,
  topics: [{ topic, lag }],
});

const measures: Pipeline = {
  measured_at: "2026-11-23T15:00:00Z",
  outbox: {
    waiting: 7,
    oldest_at: "2026-11-23T14:58:00Z",
    topics: [{ topic: "task-events", waiting: 7, oldest_at: "2026-11-23T14:58:00Z" }],
  },
  dead_letters: {
    open: 1,
    redriven: 0,
    failed_at: "2026-11-23T13:00:01Z",
    consumers: [{ consumer: "recurring-spawn", open: 1, redriven: 0, failed_at: "2026-11-23T13:00:01Z" }],
  },
  broker: {
    measured_at: "2026-11-23T15:00:00Z",
    topics: [
      { topic: "task-events", partitions: 3, records: 1200, per_second: 2.5 },
      { topic: "task-updates", partitions: 3, records: 1300, per_second: 0.05 },
    ],
    groups: [
      group("mcp", "task-events", 12, null),
      group("recurring-spawn", "task-events", 0, 2.4),
      group("sse-1a54cdcd-0e53", "task-updates", 1, 1),
      group("sse-2b54cdcd-0e53", "task-updates", 2, 2),
    ],
  },
  traffic: {
    gateways: 2,
    functions: [
      {
        function: "tasks",
        per_second: 31.4,
        requests: 9000,
        failed: 3,
        p50_ms: 3.14,
        p95_ms: 41,
        p99_ms: 1200,
      },
    ],
    commit_to_stream: { events: 40, p50_ms: 9.6, p95_ms: 21, p99_ms: 35 },
  },
  missing: [],
};

const letter: DeadLetter = {
  id: "letter-1",
  status: "open",
  consumer: "recurring-spawn",
  topic: "task-events",
  partition: 2,
  offset: 40317,
  reason: "<b>the rule has no next occurrence</b>",
  attempts: 1,
  failures: 1,
  redrives: 0,
  event_source: "/users/u/tasks",
  event_id: "event-1",
  event_type: "task.completed",
  event_subject: "task-1",
  user_id: "u",
  created_at: "2026-11-23T13:00:01Z",
  failed_at: "2026-11-23T13:00:01Z",
  redriven_at: null,
};

beforeEach(() => {
  calls.length = 0;
  letters = [letter];
  server.use(
    http.get("*/api/admin/pipeline", () => HttpResponse.json(measures)),
    http.get("*/api/status", () =>
      HttpResponse.json({
        status: "degraded",
        checked_at: "2026-11-23T15:00:00Z",
        parts: [
          { name: "tasks", status: "up" },
          { name: "redis", status: "down" },
          { name: "notifications", status: "waking" },
        ],
      }),
    ),
    http.get("*/api/admin/dead-letters", () => HttpResponse.json({ items: letters, next_cursor: null })),
    http.get("*/api/admin/dead-letters/:id", () =>
      HttpResponse.json({ ...letter, event: { id: "event-1", data: "<script>" }, event_base64: "e30=" }),
    ),
    http.post("*/api/admin/dead-letters/:id/redrive", ({ params }) => {
      calls.push(`redrive ${String(params.id)}`);
      return HttpResponse.json({ ...letter, status: "redriven" });
    }),
    http.delete("*/api/admin/dead-letters/:id", ({ params }) => {
      calls.push(`discard ${String(params.id)}`);
      letters = [];
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

const renderForAdmin = () => renderSignedIn(<PipelinePage />, { ...account, role: "admin" });

test("what was measured is shown, and nothing else", async () => {
  renderForAdmin();
  expect(await screen.findByText("the oldest for 2 min")).toBeVisible();
  expect(await screen.findByText("1 down")).toBeVisible();
  const parts = within(screen.getByRole("list", { name: "Parts" }));
  expect(parts.getByLabelText("tasks, function, up, 31/s · 3.1 ms")).toBeInTheDocument();
  expect(parts.getByLabelText("notifications, function, waking")).toBeInTheDocument();
  expect(parts.getByLabelText("outbox, store, 7 waiting")).toBeInTheDocument();
  expect(parts.getByLabelText("task-events, topic, 2.5/s · 7 to publish")).toBeInTheDocument();
  expect(parts.getByLabelText("recurring-spawn, function, lag 0 · 1 given up")).toBeInTheDocument();
  expect(parts.getByLabelText("mcp, function, lag 12")).toBeInTheDocument();
  // The sum of both gateways.
  expect(parts.getByLabelText("gateway, function, lag 3 · 9.6 ms")).toBeInTheDocument();
  // These were not measured, so they have no figures.
  expect(parts.getByLabelText("reminders, topic")).toBeInTheDocument();
  expect(parts.getByLabelText("overdue-check, function")).toBeInTheDocument();
});

test("the figures stand in tables, too", async () => {
  renderForAdmin();
  const topics = within(await screen.findByRole("region", { name: "Topics and who reads them" }));
  expect(topics.getByRole("row", { name: /^task-events 3 partitions 2.5\/s 1,200/ })).toBeInTheDocument();
  expect(topics.getByRole("row", { name: /^mcp – 12/ })).toBeInTheDocument();
  expect(topics.getByRole("row", { name: /^gateway 1a54cdcd 1.0\/s 1/ })).toBeInTheDocument();
  const functions = within(screen.getByRole("region", { name: "Functions behind the gateway" }));
  expect(functions.getByRole("row", { name: "tasks 31/s 3.1 ms 41 ms 1.2 s 3" })).toBeInTheDocument();
  expect(screen.getByText("p95 21 ms · p99 35 ms")).toBeVisible();
  expect(screen.getByText("mcp is furthest behind")).toBeVisible();
});

test("without the broker and Redis the rest is shown, and what is missing is said", async () => {
  server.use(
    http.get("*/api/admin/pipeline", () =>
      HttpResponse.json({
        ...measures,
        broker: null,
        traffic: null,
        missing: [{ part: "broker", detail: "the broker did not answer in time" }],
      }),
    ),
  );
  renderForAdmin();
  expect(await screen.findByText("the oldest for 2 min")).toBeVisible();
  expect(screen.getByRole("status")).toHaveTextContent("the broker did not answer in time");
  expect(screen.queryByRole("table")).toBeNull();
  expect(screen.getByLabelText("task-events, topic, 7 to publish")).toBeInTheDocument();
});

test("look, redrive, discard", async () => {
  const { user } = renderForAdmin();
  await user.click(await screen.findByRole("button", { name: /^Look at task.completed/ }));
  expect(await screen.findByLabelText("The event")).toHaveTextContent('"data": "<script>"');
  await user.keyboard("{Escape}");
  await user.click(await screen.findByRole("button", { name: /^Redrive/ }));
  await waitFor(() => expect(calls).toEqual(["redrive letter-1"]));
  await user.click(screen.getByRole("button", { name: /^Discard task/ }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Discard" }));
  expect(await screen.findByText("None")).toBeVisible();
  expect(calls).toEqual(["redrive letter-1", "discard letter-1"]);
});

test("without an answer there is no number", async () => {
  server.use(
    http.get("*/api/admin/pipeline", () => problem(403, "only administrators may")),
    http.get("*/api/status", () => problem(403, "no")),
  );
  renderForAdmin();
  expect(await screen.findByText(/only administrators may/)).toBeVisible();
  expect(screen.queryByText("To be published")).toBeNull();
  expect(screen.getByLabelText("outbox, store")).toBeInTheDocument();
});

test("users are told that it is not for them, and nothing is asked", async () => {
  renderSignedIn(<PipelinePage />);
  expect(await screen.findByText("This page is for administrators")).toBeVisible();
  expect(screen.queryByText("Dead letters")).toBeNull();
});

test("how long something has waited", () => {
  expect([200, 61_000, 7_000_000, 90_000_000, 200_000_000].map(describeWait)).toEqual([
    "less than 1 s",
    "61 s",
    "116 min",
    "25 h",
    "2 days",
  ]);
});

test("rates and latencies have as many digits as say something", () => {
  expect([0, 0.02, 0.5, 12.4].map(describeRate)).toEqual(["0/s", "1/min", "0.5/s", "12/s"]);
  expect([0.44, 12.6, 1250, 60_000].map(describeLatency)).toEqual(["0.4 ms", "13 ms", "1.3 s", "60 s"]);
});
