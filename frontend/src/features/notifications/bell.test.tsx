import { act, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveEvent } from "@/lib/live/events";
import { live } from "@/lib/live/live";
import { session } from "@/lib/session/session";
import { renderSignedIn } from "@/testing/render";
import { problem, server } from "@/testing/server";
import { toastShown } from "@/testing/toasts";
import { NotificationBell } from "./bell";
import type { Notification } from "./notification";

const push = vi.fn();
vi.mock("next/navigation", () => ({
  usePathname: () => "/settings",
  useRouter: () => ({ push }),
}));

let list: Notification[] = [];
const calls: string[] = [];

const make = (id: string, fields: Partial<Notification> = {}): Notification => ({
  id,
  kind: "upcoming",
  task_id: `task-of-${id}`,
  title: `Title ${id}`,
  body: "Due Tue, 1 Dec 2026, 09:00 CET",
  created_at: "2026-12-01T07:00:01Z",
  read_at: null,
  ...fields,
});
const unread = () => list.filter((n) => !n.read_at);

let deliver: (event: Omit<LiveEvent, "id">, stale?: boolean) => void = () => {};

/** Delivers an event as the gateway would. */
const receive = (event: Omit<LiveEvent, "id">, stale = false) => act(() => deliver(event, stale));

/** The page is hidden, and the browser shows notifications; returns what it shows. */
function hide() {
  const shown: { title: string; tag?: string }[] = [];
  const Shown = class {
    static permission = "granted";
    onclick = () => {};
    constructor(title: string, { tag }: NotificationOptions) {
      shown.push({ title, ...(tag ? { tag } : {}) });
    }
  };
  vi.stubGlobal("Notification", Shown);
  localStorage.setItem("taskwire.browser-notifications", "on");
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  return () => shown;
}

afterEach(() => vi.unstubAllGlobals());
beforeEach(() => {
  push.mockClear();
  calls.length = 0;
  list = [make("a"), make("b", { kind: "overdue" }), make("c", { read_at: "2026-12-01T07:10:00Z" })];
  const heard = new Map<string, Set<(data: never, id: string, stale: boolean) => void>>();
  vi.spyOn(live, "on").mockImplementation((name, handler) => {
    const handlers = heard.get(name) ?? new Set();
    heard.set(name, handlers);
    handlers.add(handler as never);
    return () => handlers.delete(handler as never);
  });
  deliver = (event, stale = false) =>
    heard.get(event.name)?.forEach((handler) => handler(event.data as never, "e-1", stale));
  server.use(
    http.get("*/api/notifications/unread-count", () => HttpResponse.json({ count: unread().length })),
    http.get("*/api/notifications", () => HttpResponse.json({ items: list, next_cursor: null })),
    http.patch("*/api/notifications/:id/read", ({ params }) => {
      calls.push(`read ${String(params.id)}`);
      list = list.map((n) => (n.id === params.id ? { ...n, read_at: "2026-12-01T08:00:00Z" } : n));
      return HttpResponse.json(list.find((n) => n.id === params.id));
    }),
    http.post("*/api/notifications/read-all", () => {
      calls.push("read-all");
      const updated = unread().length;
      list = list.map((n) => ({ ...n, read_at: n.read_at ?? "2026-12-01T08:00:00Z" }));
      return HttpResponse.json({ updated });
    }),
    http.post("*/api/notifications/:id/snooze", async ({ params, request }) => {
      calls.push(`snooze ${String(params.id)} ${JSON.stringify(await request.json())}`);
      const one = list.find((n) => n.id === params.id);
      list = list.filter((n) => n.id !== params.id);
      return HttpResponse.json({ ...one, snoozed_until: "2026-12-01T09:00:00Z" });
    }),
  );
});

const bell = (name: string | RegExp) => screen.findByRole("button", { name });

test("the badge moves by the stream, and what is new is told", async () => {
  renderSignedIn(<NotificationBell />);
  await bell("Notifications, 2 unread");
  const created = make("d", { title: "Water the plants" });
  list = [created, ...list];
  receive({
    name: "sync.notification-created",
    data: { notification: created, timestamp: new Date().toISOString() },
  });
  await bell("Notifications, 3 unread");
  await toastShown("Water the plants");
  list = list.map((n) => ({ ...n, read_at: "2026-12-01T08:00:00Z" }));
  receive({
    name: "sync.notification-read",
    data: { notification: null, timestamp: new Date().toISOString() },
  });
  await bell("Notifications");
});

test("many notifications at once are shown as one toast", async () => {
  const { user } = renderSignedIn(<NotificationBell />);
  await bell("Notifications, 2 unread");
  list = ["1", "2", "3", "4"].map((n) => make(n, { title: `Ring ${n}` }));
  act(() => {
    for (const notification of list)
      deliver({
        name: "sync.notification-created",
        data: { notification, timestamp: new Date().toISOString() },
      });
  });
  await bell("Notifications, 4 unread");
  await toastShown("4 reminders");
  expect(screen.queryByText("Ring 1")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Show" }));
  expect(await screen.findByText("Ring 1")).toBeVisible();
});

/** The server has a new notification, and says so at that time, in milliseconds from now. */
function create(notification: Notification, after = 0, stale = false) {
  list = [notification, ...list];
  const timestamp = new Date(Date.now() + after).toISOString();
  receive({ name: "sync.notification-created", data: { notification, timestamp } }, stale);
}

test("what is replayed moves the badge without a word", async () => {
  renderSignedIn(<NotificationBell />);
  await bell("Notifications, 2 unread");
  create(make("d", { title: "From yesterday" }), -86_400_000, true);
  await bell("Notifications, 3 unread");
  expect(screen.queryByText("From yesterday")).toBeNull();
});

test("what is new is told on a device whose clock is fast", async () => {
  renderSignedIn(<NotificationBell />);
  await bell("Notifications, 2 unread");
  create(make("d", { title: "Water the plants" }), -120_000);
  await toastShown("Water the plants");
});

test("while the page is hidden, the browser shows what is new, and many as one", async () => {
  renderSignedIn(<NotificationBell />);
  await bell("Notifications, 2 unread");
  const shown = hide();
  create(make("d", { title: "Water the plants" }));
  await expect.poll(shown).toEqual([{ title: "Water the plants", tag: "d" }]);
  act(() => {
    for (const n of ["1", "2", "3", "4"]) {
      const notification = make(n);
      deliver({
        name: "sync.notification-created",
        data: { notification, timestamp: new Date().toISOString() },
      });
    }
  });
  await expect
    .poll(() =>
      shown()
        .slice(1)
        .map(({ title }) => title),
    )
    .toEqual(["4 reminders"]);
});

test("a hidden page leaves it to the visible one to tell what is new", async () => {
  renderSignedIn(<NotificationBell />);
  await bell("Notifications, 2 unread");
  const shown = hide();
  let close = () => {};
  const other = navigator.locks.request(
    "taskwire.visible",
    () => new Promise<void>((resolve) => (close = resolve)),
  );
  const query = vi.spyOn(navigator.locks, "query");
  create(make("d", { title: "Told elsewhere" }));
  await expect.poll(() => query.mock.settledResults.map(({ type }) => type)).toEqual(["fulfilled"]);
  close();
  await other;
  create(make("e", { title: "Told here" }));
  await expect.poll(shown).toEqual([{ title: "Told here", tag: "e" }]);
});

test("read, snooze and read all", async () => {
  const { user } = renderSignedIn(<NotificationBell />);
  await user.click(await bell("Notifications, 2 unread"));
  const items = within(await screen.findByRole("list", { name: "Notifications" }));
  expect(items.getAllByRole("listitem")).toHaveLength(3);
  await user.click(items.getByRole("button", { name: "Mark Title a as read" }));
  await waitFor(() => expect(items.queryByRole("button", { name: "Mark Title a as read" })).toBeNull());
  await user.click(items.getByRole("button", { name: "Snooze Title b" }));
  await user.click(await screen.findByRole("menuitem", { name: "1 hour" }));
  await waitFor(() => expect(items.getAllByRole("listitem")).toHaveLength(2));
  list = [make("e"), ...list];
  receive({
    name: "sync.notification-created",
    data: { notification: null, timestamp: new Date(0).toISOString() },
  });
  await user.click(await screen.findByRole("button", { name: "Mark all as read" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Mark all as read" })).toBeNull());
  expect(calls).toEqual(["read a", 'snooze b {"for":"PT1H"}', "read-all"]);
});

test("the focus stays in the panel when the button that had it disappears", async () => {
  const { user } = renderSignedIn(<NotificationBell />);
  await user.click(await bell("Notifications, 2 unread"));
  (await screen.findByRole("button", { name: "Mark Title a as read" })).focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("button", { name: "Mark Title a as read" })).toBeNull());
  expect(screen.getByRole("button", { name: "Snooze Title a" })).toHaveFocus();
  await user.keyboard("{Enter}");
  (await screen.findByRole("menuitem", { name: "1 hour" })).focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByText("Title a")).toBeNull());
  await waitFor(() => expect(screen.getByRole("button", { name: "Snooze Title b" })).toHaveFocus());
  screen.getByRole("button", { name: "Mark all as read" }).focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("button", { name: "Mark all as read" })).toBeNull());
  expect(screen.getByRole("heading", { name: "Notifications" })).toHaveFocus();
});

test("opening one reads it and goes to its task", async () => {
  const { user } = renderSignedIn(<NotificationBell />);
  await user.click(await bell("Notifications, 2 unread"));
  const items = within(await screen.findByRole("list", { name: "Notifications" }));
  await user.click(items.getByText("Title b"));
  expect(push).toHaveBeenCalledWith("/?view=all&task=task-of-b");
  await waitFor(() => expect(calls).toEqual(["read b"]));
});

const digest = (tasks: number, resolved = 0): Notification =>
  make("digest", {
    kind: "digest",
    task_id: undefined,
    title: `${tasks - resolved} tasks are overdue`,
    body: "Task 0, Task 1, Task 2 and more",
    task_ids: [],
    reminders: Array.from({ length: tasks }, (_, i) => ({
      task_id: `task-${i}`,
      kind: "overdue" as const,
      title: `Task ${i}`,
      body: "Was due Mon, 30 Nov 2026",
      resolved_at: i < tasks - resolved ? null : "2026-12-01T08:00:00Z",
    })),
  });

test("a digest has its list, and each task in it can be opened", async () => {
  list = [digest(9, 2)];
  const { user } = renderSignedIn(<NotificationBell />);
  await user.click(await bell("Notifications, 1 unread"));
  const tasks = within(await screen.findByRole("list", { name: "7 tasks are overdue" }));
  expect(tasks.getAllByRole("listitem")).toHaveLength(4);
  const more = screen.getByRole("button", { name: "Show 3 more", expanded: false });
  more.focus();
  await user.keyboard("{Enter}");
  expect(tasks.getAllByRole("listitem")).toHaveLength(7);
  expect(screen.getByRole("button", { name: "Show fewer", expanded: true })).toHaveFocus();
  tasks.getByRole("button", { name: /^Task 6/ }).focus();
  await user.keyboard("{Enter}");
  expect(push).toHaveBeenCalledWith("/?view=all&task=task-6");
  expect(calls).toEqual([]);
});

test("what is resolved elsewhere disappears, from the list and the screen", async () => {
  const { user } = renderSignedIn(<NotificationBell />);
  await bell("Notifications, 2 unread");
  const rung = digest(5);
  list = [rung];
  receive({
    name: "sync.notification-created",
    data: { notification: rung, timestamp: new Date().toISOString() },
  });
  await toastShown("Task 0, Task 1, Task 2 and more");
  await user.click(screen.getByRole("button", { name: "Show" }));
  expect(await screen.findByRole("list", { name: "5 tasks are overdue" })).toBeVisible();
  list = [];
  receive({
    name: "sync.notification-read",
    data: {
      notification: { ...rung, resolved_at: "2026-12-01T08:00:00Z" },
      timestamp: new Date().toISOString(),
    },
  });
  expect(await screen.findByText("No notifications")).toBeVisible();
  await waitFor(() => expect(screen.queryByText("Task 0, Task 1, Task 2 and more")).toBeNull());
});

test("what the server refuses is put back", async () => {
  server.use(http.patch("*/api/notifications/:id/read", () => problem(503, "the database is away")));
  const { user } = renderSignedIn(<NotificationBell />);
  await user.click(await bell("Notifications, 2 unread"));
  const name = "Mark Title a as read";
  await user.click(await screen.findByRole("button", { name }));
  await toastShown("the database is away");
  expect(await screen.findByRole("button", { name })).toBeVisible();
});

test("the app's icon shows how many are unread, and nothing once the session has ended", async () => {
  const shown: number[] = [];
  const show = (count = 0) => Promise.resolve(void shown.push(count));
  Object.assign(navigator, { setAppBadge: show, clearAppBadge: () => show(0) });
  renderSignedIn(<NotificationBell />);
  await bell("Notifications, 2 unread");
  expect(shown.at(-1)).toBe(2);
  act(() => session.leave());
  expect(shown.at(-1)).toBe(0);
  Reflect.deleteProperty(navigator, "setAppBadge");
  Reflect.deleteProperty(navigator, "clearAppBadge");
});
