import { expect, test } from "vitest";
import { describeSummary, summaryOf } from "./hops";
import { scaleOf } from "./scale";
import { describeDuration, foldedAtFirst, labelOf, rowsOf, type Span, traceIdIn, visibleRows } from "./trace";

const began = Date.parse("2026-11-26T12:00:00Z");

/** A span by its service and name; times in microseconds since the trace began. */
function span(
  id: string,
  parent: string | null,
  what: string,
  from: number,
  took: number,
  more: Partial<Span> = {},
): Span {
  const [service = "", ...name] = what.split(" ");
  const seconds = new Date(began + Math.floor(from / 1000)).toISOString().slice(0, 23);
  return {
    id,
    parent_id: parent,
    service,
    name: name.join(" "),
    kind: "internal",
    start: `${seconds}${String(from % 1000).padStart(3, "0")}Z`,
    duration_us: took,
    error: false,
    links: [],
    attributes: {},
    ...more,
  };
}

const traceOf = (...spans: Span[]) => ({ trace_id: "t", spans, complete: true, truncated: false });
const rows = (...spans: Span[]) => rowsOf(traceOf(...spans));
const ids = (of: { span: Span }[]) => of.map((row) => row.span.id).join(" ");

/** The completion of a recurring task. */
const completion = [
  // Its parent is the browser's click, which keeps its own spans.
  span("a", "browser", "gateway PATCH /api/todos", 0, 8000, { kind: "server" }),
  span("b", "a", "tasks PATCH /api/todos/{id}/complete", 500, 7000, { kind: "server" }),
  span("c", "b", "tasks userlog change", 700, 6000),
  span("d", "c", "tasks COMMIT", 6500, 1),
  span("e", "b", "tasks publish task-events", 8700, 2000, { kind: "producer" }),
  span("f", "b", "recurring-spawn process task.completed", 13_000, 3000, { kind: "consumer" }),
  span("g", "b", "mcp process task.completed", 12_000, 100, { kind: "consumer" }),
  span("h", "b", "gateway pubsub/task-updates", 12_700, 600, { kind: "client" }),
  span("i", "h", "gateway POST /internal/events/task-updates", 12_800, 300, { kind: "server" }),
  span("j", "b", "gateway stream frame", 16_990, 10, { kind: "producer" }),
  span("k", "f", "gateway stream frame", 30_000, 20, { kind: "producer" }),
];

test("rows are a tree in the order of time", () => {
  const all = rows(...completion);
  expect(ids(all)).toBe("a b c d e f k g h i j");
  expect(all.map(({ depth }) => depth)).toEqual([0, 1, 2, 3, 2, 2, 3, 2, 2, 3, 2]);
  expect(all.map(({ below }) => below)).toEqual([10, 9, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
  expect(all.map(({ from }) => from)[9]).toBe(12_800);
  expect(all[3]?.parent?.span.id).toBe("c");
});

test("spans whose parents form a circle do not hang it", () => {
  expect(
    ids(rows(span("a", null, "x x", 0, 1), span("b", "c", "x x", 1, 1), span("c", "b", "x x", 2, 1))),
  ).toBe("a");
  expect(ids(rows(span("a", "a", "x x", 0, 1), span("b", null, "x x", 0, 1)))).toBe("b");
});

test("work within one function is folded at first, failures are not", () => {
  const all = rows(...completion);
  const folded = foldedAtFirst(all);
  expect([...folded]).toEqual(["c", "h"]);
  expect(ids(visibleRows(all, folded))).toBe("a b c e f k g h j");
  expect(ids(visibleRows(all, new Set(["b"])))).toBe("a b");
  const failed = rows(...completion.map((each) => (each.id === "d" ? { ...each, error: true } : each)));
  expect([...foldedAtFirst(failed)]).toEqual(["h"]);
});

test("the summary has the stations of the change", () => {
  const summary = summaryOf(rows(...completion));
  expect(describeSummary(summary)).toBe(
    "gateway 8.0 ms → tasks 7.0 ms → outbox 4.0 ms → broker 1.3 ms → 2 consumers → screen after 17 ms",
  );
  expect(summary).toMatchObject({ lastScreen: 30_020, end: 30_020, functions: 4, errors: 0 });
  const alone = summaryOf(rows(span("a", null, "outbox-relay tick", 0, 900)));
  expect(describeSummary(alone)).toBe("outbox-relay 900 µs");
  expect(alone).toMatchObject({ firstScreen: null, lastScreen: null, end: 900 });
});

test("the axis is to scale", () => {
  const scale = scaleOf(rows(...completion));
  expect(scale.pauses).toEqual([]);
  expect([0, 15_010, 30_020, 99_999].map(scale.at)).toEqual([0, 0.5, 1, 1]);
  expect(scale.ticks.map(({ us }) => us)).toEqual([0, 10_000, 20_000, 30_000]);
});

test("long pauses are short on the axis", () => {
  const day = 86_400_000_000;
  const scale = scaleOf(
    rows(
      span("a", null, "x x", 0, 100_000),
      span("b", "a", "x x", day, 100_000),
      span("c", "a", "x x", 3 * day, 0),
    ),
  );
  expect(scale.pauses.map(({ us }) => us)).toEqual([day - 100_000, 2 * day - 100_000]);
  expect(scale.at(0)).toBe(0);
  expect(scale.at(100_000)).toBeCloseTo(0.45);
  expect(scale.at(day)).toBeCloseTo(0.5);
  expect(scale.at(3 * day)).toBeCloseTo(1);
  // Nothing is drawn within a pause.
  expect(scale.at(day / 2)).toBeCloseTo(0.45);
  const many = Array.from({ length: 100 }, (_, i) => span(`${i}`, null, "x x", i * day, 10_000));
  const last = scaleOf(rows(...many));
  expect(last.at(99 * day + 10_000)).toBeCloseTo(1);
  expect(last.at(10_000)).toBeGreaterThan(0.005);
});

test("an instant has an axis", () => {
  const scale = scaleOf(rows(span("a", null, "x x", 0, 0)));
  expect(scale.at(0)).toBe(0);
  expect(scale.ticks).toEqual([]);
});

test("a trace is found in a traceparent", () => {
  const id = "4bf92f3577b34da6a3ce929d0e0e4736";
  expect(traceIdIn(`00-${id}-00f067aa0ba902b7-01`)).toBe(id);
  expect(traceIdIn(` ${id.toUpperCase()}\n`)).toBe(id);
  expect(["", "x", id.slice(1), `${id}0`, `00-${id}`, `../${id}`].filter(traceIdIn)).toEqual([]);
});

test("durations and names are short", () => {
  expect([0, 11, 1250, 81_400, 2_500_000, 180_000_000, 90_000_000_000].map(describeDuration)).toEqual([
    "0 µs",
    "11 µs",
    "1.3 ms",
    "81 ms",
    "2.5 s",
    "3.0 min",
    "25 h",
  ]);
  const named = (name: string) => labelOf({ ...completion[0]!, name });
  expect(named("/dapr.proto.runtime.v1.Dapr/BulkPublishEvent")).toBe("Dapr BulkPublishEvent");
  expect(named("dapr.proto.runtime.v1.Dapr/BulkPublishEvent")).toBe("call Dapr BulkPublishEvent");
  expect(named("pubsub/task-updates")).toBe("Dapr delivers task-updates");
  expect(named("process task.created")).toBe("process task.created");
});
