"use client";

import * as words from "@/messages/topology";
import { cn } from "@/lib/cn";
import type { Pipeline, Status } from "../pipeline";
import { flows, type Note, noteOf, type State, stateOf } from "../observe";
import { edges, type Node, nodes } from "../topology";

const cell = { width: 190, height: 68 };
const box = { width: 150, height: 48 };
const head = 26;
const columns = Math.max(...nodes.map((node) => node.column)) + 1;
const rows = Math.max(...nodes.map((node) => node.row)) + 1;
const width = columns * cell.width - (cell.width - box.width) + 4;
const height = head + rows * cell.height - (cell.height - box.height) + 4;
const titles = [words.frontDoor, words.functions, words.outboxAndClocks, words.topics, words.consumers];
const byId = new Map(nodes.map((node) => [node.id, node]));

interface PictureProps {
  status: Status | undefined;
  pipeline: Pipeline | undefined;
}

/** The parts of Taskwire with their current figures; parts without measurements have none. */
export function TopologyPicture({ status, pipeline }: PictureProps) {
  return (
    <div className="relative" dir="ltr">
      <div
        className="overflow-x-auto rounded-xl border border-line bg-surface p-3 sm:p-5"
        tabIndex={0}
        role="group"
        aria-label={words.topology()}
      >
        <svg
          viewBox={`0 0 ${width} ${height}`}
          style={{ minWidth: 720 }}
          className="mx-auto block w-full"
          role="list"
          aria-label={words.parts()}
        >
          {titles.map((title, column) => (
            <text
              key={column}
              aria-hidden
              x={2 + column * cell.width + box.width / 2}
              y={12}
              textAnchor="middle"
              className="fill-ink-3 text-[11.5px] font-medium"
            >
              {title()}
            </text>
          ))}
          {edges.map(([from, to]) => {
            const a = byId.get(from);
            const b = byId.get(to);
            return a && b ? (
              <Wire key={`${from} ${to}`} a={a} b={b} alive={flows(from, to, pipeline)} />
            ) : null;
          })}
          {nodes.map((node) => (
            <Part key={node.id} node={node} state={stateOf(node, status)} note={noteOf(node, pipeline)} />
          ))}
        </svg>
      </div>
      {/* There is more on this side. */}
      <div
        aria-hidden
        className="pointer-events-none absolute inset-y-px end-px w-14 rounded-e-xl bg-linear-to-l from-surface to-transparent sm:hidden rtl:bg-linear-to-r"
      />
    </div>
  );
}

const place = (node: Node) => ({ x: 2 + node.column * cell.width, y: head + 2 + node.row * cell.height });

/** Moving dashes show that events are flowing. */
function Wire({ a, b, alive }: { a: Node; b: Node; alive: boolean }) {
  const from = place(a);
  const to = place(b);
  const middle = box.height / 2;
  const path =
    a.column === b.column
      ? `M${from.x + box.width / 2} ${Math.min(from.y, to.y) + box.height}V${Math.max(from.y, to.y)}`
      : curve(from.x + box.width, from.y + middle, to.x, to.y + middle);
  return (
    <g aria-hidden className="fill-none">
      <path d={path} className="stroke-line-2" strokeWidth={1.5} />
      {alive ? (
        <path
          d={path}
          className="animate-flow stroke-accent motion-reduce:animate-none"
          strokeWidth={2}
          strokeDasharray="4 10"
          strokeLinecap="round"
        />
      ) : null}
    </g>
  );
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

const dots: Record<State, string> = {
  up: "fill-accent",
  down: "fill-danger",
  waking: "fill-ink-3",
  unknown: "fill-transparent",
};

function Part({ node, state, note }: { node: Node; state: State; note: Note | null }) {
  const { x, y } = place(node);
  const said = [
    node.name,
    words.kind(node),
    state === "unknown" ? "" : words.state({ state }),
    note?.text ?? "",
  ].filter(Boolean);
  const indent = x + (state === "unknown" ? 16 : 28);
  return (
    <g role="listitem" aria-label={said.join(", ")} data-part={node.id} data-state={state}>
      <rect
        x={x}
        y={y}
        width={box.width}
        height={box.height}
        rx={node.kind === "topic" ? box.height / 2 : 10}
        strokeWidth={1.25}
        className={cn(
          node.kind === "topic" ? "fill-accent-wash" : node.kind === "store" ? "fill-sunken" : "fill-raised",
          state === "down" || note?.bad ? "stroke-danger" : "stroke-line-2",
        )}
      />
      {state === "unknown" ? null : (
        <circle cx={x + 16} cy={y + (note ? 18 : box.height / 2)} r={3.5} className={dots[state]} />
      )}
      <text
        x={node.kind === "topic" ? x + 22 : indent}
        y={y + (note ? 22 : box.height / 2 + 4.5)}
        className="fill-ink text-[13px] font-medium"
        aria-hidden
      >
        {node.name}
      </text>
      {note ? (
        <text
          x={node.kind === "topic" ? x + 22 : indent}
          y={y + 38}
          className={cn("tabular text-[11.5px]", note.bad ? "fill-danger" : "fill-ink-2")}
          aria-hidden
        >
          {note.text}
        </text>
      ) : null}
    </g>
  );
}
