import { expect, test } from "vitest";
import { EventParser } from "./sse";

const stream =
  'retry: 2317\nevent: hello\nid: e-1\ndata: {"seq":1}\n\n: ping\n\nevent: sync.task-changed\r\nid: e-2\r\ndata: a\r\ndata:b\r\n\r\n';

test("events are the same wherever the stream is cut", () => {
  for (let cut = 0; cut <= stream.length; cut++) {
    const parser = new EventParser();
    const events = [...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))];
    expect(events).toEqual([
      { name: "hello", data: '{"seq":1}', id: "e-1" },
      { name: "sync.task-changed", data: "a\nb", id: "e-2" },
    ]);
    expect(parser.retry).toBe(2317);
  }
});

test("an event without data is none, and the last id stays", () => {
  const parser = new EventParser();
  expect(parser.push("id: 7\n\ndata: x\n\n")).toEqual([{ name: "message", data: "x", id: "7" }]);
  expect(parser.push("data: y\n\ndata: half")).toEqual([{ name: "message", data: "y", id: "7" }]);
});
