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

let address = "";
vi.mock("next/navigation", () => ({
  useSearchParams: () => new URLSearchParams(address),
  useRouter: () => ({ replace: (href: string) => calls.push(href) }),
}));
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
  address = "";
  server.use(
    http.get("*/api/admin/alerts", () =>
      problem(503, "alerts are not evaluated here: start with OBSERVE=1, or configure RULES_URL"),
    ),
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
  expect(parts.getByLabelText("recurring-spawn, function, lag 0 · 1 failed")).toBeInTheDocument();
  expect(parts.getByLabelText("mcp, function, lag 12")).toBeInTheDocument();
  // The sum of both gateways.
  expect(parts.getByLabelText("gateway, function, lag 3 · 9.6 ms")).toBeInTheDocument();
  // These were not measured, so they have no figures.
  expect(parts.getByLabelText("reminders, topic")).toBeInTheDocument();
  expect(parts.getByLabelText("overdue-check, function")).toBeInTheDocument();
});

test("the figures stand in tables, too", async () => {
  renderForAdmin();
  const topics = within(await screen.findByRole("region", { name: "Topics and their consumers" }));
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
  await user.click(await screen.findByRole("button", { name: /^View task.completed/ }));
  expect(await screen.findByLabelText("The event")).toHaveTextContent('"data": "<script>"');
  await user.keyboard("{Escape}");
  await user.click(await screen.findByRole("button", { name: /^Redrive/ }));
  await waitFor(() => expect(calls).toEqual(["redrive letter-1"]));
  await user.click(screen.getByRole("button", { name: /^Discard task/ }));
  const dialog = within(await screen.findByRole("dialog", { name: /^Discard task.completed of .+\?$/ }));
  expect(dialog.getByText("· from task-events")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Discard" }));
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

test("alerts: what fires, what does not, and what to do", async () => {
  const alert = { severity: "critical", since: null, summary: "", runbook_url: "", labels: {} };
  server.use(
    http.get("*/api/admin/alerts", () =>
      HttpResponse.json({
        items: [
          {
            ...alert,
            name: "DeadLetters",
            state: "firing",
            since: new Date(Date.now() - 61_000).toISOString(),
            summary: "Open dead letters of mcp: 1",
            runbook_url: "https://example.org/runbooks#deadletters",
            labels: { consumer: "mcp" },
          },
          { ...alert, name: "SyncSlow", state: "pending", labels: { group: "mcp" } },
          { ...alert, name: "BackupOld", state: "inactive", runbook_url: "docs/runbooks.md#backupold" },
        ],
      }),
    ),
  );
  const { user } = renderForAdmin();
  const [firing, pending] = within(await screen.findByRole("list", { name: "Active alerts" })).getAllByRole(
    "listitem",
  );
  expect(firing).toHaveTextContent(
    /^FiringDeadLetterscriticalOpen dead letters of mcp: 1since .*\d+:\d+.*Runbook$/,
  );
  expect(within(firing!).getByRole("link", { name: "Runbook of DeadLetters" })).toHaveAttribute(
    "href",
    "https://example.org/runbooks#deadletters",
  );
  expect(pending).toHaveTextContent("PendingSyncSlowcriticalgroup mcp");
  await user.click(screen.getByText("1 rule is inactive"));
  expect(screen.getByText("docs/runbooks.md#backupold")).toBeVisible();
});

test("where alerts are not evaluated the page says so", async () => {
  renderForAdmin();
  expect(await screen.findByText(/^No alerts can be shown: alerts are not evaluated here/)).toBeVisible();
});

test("a trace is shown by its address, and asked for by its id", async () => {
  const id = "4bf92f3577b34da6a3ce929d0e0e4736";
  const at = "2026-11-23T15:00:00";
  const step = { kind: "server", error: false, links: [], attributes: {} };
  server.use(
    http.get(`*/api/admin/traces/${id}`, () =>
      HttpResponse.json({
        trace_id: id,
        complete: true,
        truncated: false,
        spans: [
          {
            ...step,
            id: "a",
            parent_id: null,
            name: "POST /api/todos",
            service: "gateway",
            start: `${at}Z`,
            duration_us: 8000,
          },
          {
            ...step,
            id: "b",
            parent_id: "a",
            name: "POST /api/todos",
            service: "tasks",
            start: `${at}.0005Z`,
            duration_us: 7000,
          },
          {
            ...step,
            id: "c",
            parent_id: "b",
            name: "COMMIT",
            service: "tasks",
            start: `${at}.001Z`,
            duration_us: 40,
          },
        ],
      }),
    ),
  );
  address = `trace=00-${id}-00f067aa0ba902b7-01`;
  const { user } = renderForAdmin();
  const grid = within(await screen.findByRole("treegrid", { name: "Steps" }));
  expect(screen.getByText("gateway 8.0 ms → tasks 7.0 ms")).toBeInTheDocument();
  const tasks = () => grid.getByRole("row", { name: /^tasks POST/ });
  expect(tasks()).toHaveAttribute("aria-level", "2");
  expect(tasks()).toHaveAttribute("aria-expanded", "false");
  expect(tasks()).toHaveAccessibleName(/1 steps? folded after 500 µs 7.0 ms$/);

  // Only one row can be tabbed to; arrow keys reach the others.
  grid.getByRole("row", { name: /^gateway/ }).focus();
  await user.keyboard("{ArrowDown}");
  expect(tasks()).toHaveFocus();
  await user.keyboard("{Enter}");
  expect(tasks()).toHaveAttribute("aria-expanded", "true");
  await user.keyboard("{ArrowRight}");
  expect(grid.getByRole("row", { name: /COMMIT/ })).toHaveFocus();
  await user.keyboard("{ArrowLeft}{ArrowLeft}");
  expect(grid.queryByRole("row", { name: /COMMIT/ })).toBeNull();
  await user.keyboard("{Home}");
  expect(grid.getByRole("row", { name: /^gateway/ })).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "Show every step" }));
  expect(grid.getByRole("row", { name: /COMMIT/ })).toBeInTheDocument();

  const input = screen.getByRole("textbox", { name: "Trace id or traceparent" });
  await user.clear(input);
  await user.type(input, "nonsense{Enter}");
  expect(screen.getByText(/^That is neither a trace id/)).toBeVisible();
  await user.clear(input);
  await user.type(input, `${"0".repeat(31)}1{Enter}`);
  expect(calls).toEqual([`/admin/pipeline?trace=${"0".repeat(31)}1`]);
});

test.each([
  [404, "Waiting for its steps. They arrive after a few seconds."],
  [503, "Traces are not stored here: start with OBSERVE=1."],
])("without a trace (%i) the page says why", async (status, said) => {
  server.use(
    http.get("*/api/admin/traces/*", () =>
      problem(status, "traces are not stored here: start with OBSERVE=1"),
    ),
  );
  address = `trace=${"0".repeat(31)}1`;
  renderForAdmin();
  expect(await screen.findByText(said)).toBeVisible();
});

test("other users see that the page is for administrators, and no request is sent", async () => {
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
