import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { type ComponentType, useSyncExternalStore } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { server } from "@/testing/server";
import { makeTask, mapOf } from "@/testing/tasks";
import { taskStore } from "../store";
import type { Task } from "../task";
import { parseTaskQuery, type TaskQuery } from "../view/query";
import type { Row } from "../view/rows";
import { Board } from "./board/board";
import { TaskCalendar } from "./calendar/task-calendar";

vi.mock("next/navigation", () => ({
  usePathname: () => "/",
  useRouter: () => ({ push: vi.fn(), replace: vi.fn() }),
  useSearchParams: () => new URLSearchParams(),
}));

const before = taskStore.snapshot;
const listeners = new Set<() => void>();

function hold(...tasks: Task[]) {
  taskStore.snapshot = { tasks: mapOf(...tasks), loaded: true, waiting: 0, unsaved: [], ops: [] };
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 23, 12), toFake: ["Date"] });
  server.use(http.get("*/api/preferences", () => HttpResponse.json({ week_start: "monday" })));
  vi.spyOn(taskStore, "subscribe").mockImplementation((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  });
  vi.spyOn(taskStore, "changeAll").mockImplementation((changes) => {
    const tasks = new Map(taskStore.snapshot.tasks);
    for (const change of changes) {
      if (change.kind !== "patch") continue;
      tasks.set(change.id, { ...tasks.get(change.id)!, ...(change.patch as Partial<Task>) });
    }
    hold(...tasks.values());
    for (const listener of listeners) listener();
    return [];
  });
});

afterEach(() => {
  vi.useRealTimers();
  taskStore.snapshot = before;
});

interface LayoutProps {
  rows: Row[];
  query: TaskQuery;
}

function Shown({ layout: Layout, query }: { layout: ComponentType<LayoutProps>; query: string }) {
  const { tasks } = useSyncExternalStore(taskStore.subscribe, taskStore.getSnapshot);
  const rows = [...tasks.values()].map((task): Row => ({ kind: "task", key: task.id, task }));
  return <Layout rows={rows} query={parseTaskQuery(new URLSearchParams(query))} />;
}

const show = (layout: ComponentType<LayoutProps>, query: string) =>
  renderSignedIn(<Shown layout={layout} query={query} />).user;

const many = (count: number, fields: Partial<Task>) => Array.from({ length: count }, () => makeTask(fields));

async function choose(user: ReturnType<typeof show>, menu: string, item: string) {
  (await screen.findByRole("button", { name: menu })).focus();
  await user.keyboard("{Enter}");
  (await screen.findByRole("menuitem", { name: item })).focus();
  await user.keyboard("{Enter}");
}

test("a card that is moved by its menu keeps the focus", async () => {
  hold(makeTask({ title: "Call the bank", priority: "low" }), makeTask({ priority: "high" }));
  const user = show(Board, "view=all&group=priority");
  await choose(user, "Move Call the bank", "High");
  const column = within(screen.getByRole("region", { name: /^High/ }));
  await waitFor(() => expect(column.getByRole("button", { name: "Call the bank" })).toHaveFocus());
});

test("where a moved card is not drawn yet, what draws it has the focus", async () => {
  hold(...many(20, { priority: "high" }), makeTask({ title: "Call the bank", priority: "low" }));
  const user = show(Board, "view=all&group=priority");
  await choose(user, "Move Call the bank", "High");
  const column = within(screen.getByRole("region", { name: /^High/ }));
  await waitFor(() => expect(column.getByRole("button", { name: /more$/ })).toHaveFocus());
});

test("a task that is planned by its menu keeps the focus", async () => {
  hold(makeTask({ title: "Call the bank" }));
  const user = show(TaskCalendar, "view=all");
  await choose(user, "Plan Call the bank", "Tomorrow");
  const day = within(await screen.findByRole("listitem", { name: /24/ }));
  await waitFor(() => expect(day.getByRole("button", { name: "Call the bank" })).toHaveFocus());
});

test("a task that is moved behind what a day shows leaves the focus on what shows it", async () => {
  hold(...many(5, { due_date: "2026-11-24" }), makeTask({ title: "Call the bank", due_date: "2026-11-23" }));
  const user = show(TaskCalendar, "view=all");
  (await screen.findByRole("button", { name: "Call the bank" })).focus();
  await user.keyboard("{Alt>}{ArrowRight}{/Alt}");
  await waitFor(() => expect(screen.getByRole("button", { name: "4 more" })).toHaveFocus());
});

test("a task that is moved out of the shown weeks is shown on its day", async () => {
  hold(makeTask({ title: "Call the bank", due_date: "2026-12-06" }));
  const user = show(TaskCalendar, "view=all");
  (await screen.findByRole("button", { name: "Call the bank" })).focus();
  await user.keyboard("{Alt>}{ArrowRight}{/Alt}");
  expect(await screen.findByRole("heading", { name: "December 2026" })).toBeVisible();
  await waitFor(() => expect(screen.getByRole("button", { name: "Call the bank" })).toHaveFocus());
});

test("the focus that a screen reader moves on after a move stays there", async () => {
  hold(makeTask({ title: "Call the bank", due_date: "2026-11-23" }), makeTask({ title: "Buy milk" }));
  const user = show(TaskCalendar, "view=all");
  (await screen.findByRole("button", { name: "Call the bank" })).focus();
  await user.keyboard("{Alt>}{ArrowRight}{/Alt}");
  const day = within(await screen.findByRole("listitem", { name: /24/ }));
  await waitFor(() => expect(day.getByRole("button", { name: "Call the bank" })).toHaveFocus());
  const plan = screen.getByRole("button", { name: "Plan Buy milk" });
  plan.focus();
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  expect(plan).toHaveFocus();
});
