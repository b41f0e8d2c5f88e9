import { cn } from "@/lib/cn";
import type { Pipeline, Status } from "../pipeline";
import { edges, type Node, nodes } from "../topology";

const cell = { width: 178, height: 66 };
const box = { width: 142, height: 44 };
const columns = Math.max(...nodes.map((node) => node.column)) + 1;
const rows = Math.max(...nodes.map((node) => node.row)) + 1;
const width = columns * cell.width - (cell.width - box.width) + 4;
const height = rows * cell.height - (cell.height - box.height) + 4;

interface PictureProps {
  status: Status | undefined;
  pipeline: Pipeline | undefined;
}

/** What Taskwire is made of, with what is known of each part now; of what nobody has measured nothing is said. */
export function TopologyPicture({ status, pipeline }: PictureProps) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return (
    <div
      className="overflow-x-auto rounded-xl border border-line bg-surface p-4"
      tabIndex={0}
      role="group"
      aria-label="Topology"
    >
      <svg
        viewBox={`0 0 ${width} ${height}`}
        style={{ minWidth: 720 }}
        className="mx-auto block w-full max-w-4xl"
        role="list"
        aria-label="Parts"
      >
        {edges.map(([from, to]) => {
          const a = byId.get(from);
          const b = byId.get(to);
          return a && b ? <Wire key={`${from} ${to}`} a={a} b={b} /> : null;
        })}
        {nodes.map((node) => (
          <Part key={node.id} node={node} state={stateOf(node, status)} note={noteOf(node, pipeline)} />
        ))}
      </svg>
    </div>
  );
}

type State = "up" | "down" | "waking" | "unknown";

function stateOf(node: Node, status: Status | undefined): State {
  return status?.parts.find((part) => part.name === node.name)?.status ?? "unknown";
}

/** What was counted about a part; null where nothing was. */
function noteOf(node: Node, pipeline: Pipeline | undefined): { text: string; bad: boolean } | null {
  if (!pipeline) return null;
  if (node.id === "outbox") return { text: `${pipeline.outbox.waiting} waiting`, bad: false };
  if (node.kind === "topic") {
    const waiting = pipeline.outbox.topics.find(({ topic }) => topic === node.id)?.waiting ?? 0;
    return waiting > 0 ? { text: `${waiting} to publish`, bad: false } : null;
  }
  const open = pipeline.dead_letters.consumers.find(({ consumer }) => consumer === node.name)?.open ?? 0;
  return open > 0 ? { text: `${open} given up`, bad: true } : null;
}

const place = (node: Node) => ({ x: 2 + node.column * cell.width, y: 2 + node.row * cell.height });

function Wire({ a, b }: { a: Node; b: Node }) {
  const from = place(a);
  const to = place(b);
  const middle = box.height / 2;
  const path =
    a.column === b.column
      ? `M${from.x + box.width / 2} ${Math.min(from.y, to.y) + box.height}V${Math.max(from.y, to.y)}`
      : curve(from.x + box.width, from.y + middle, to.x, to.y + middle);
  return <path d={path} aria-hidden className="fill-none stroke-line-2" strokeWidth={1.5} />;
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

function Part({
  node,
  state,
  note,
}: {
  node: Node;
  state: State;
  note: { text: string; bad: boolean } | null;
}) {
  const { x, y } = place(node);
  const said = [node.name, node.kind, state === "unknown" ? "" : state, note?.text ?? ""].filter(Boolean);
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
        <circle cx={x + 15} cy={y + box.height / 2} r={3.5} className={dots[state]} />
      )}
      <text
        x={x + (state === "unknown" ? 16 : 27)}
        y={y + (note ? 19 : 27)}
        className="fill-ink text-[13px] font-medium"
        aria-hidden
      >
        {node.name}
      </text>
      {note ? (
        <text
          x={x + (state === "unknown" ? 16 : 27)}
          y={y + 35}
          className={cn("text-[11.5px]", note.bad ? "fill-danger" : "fill-ink-2")}
          aria-hidden
        >
          {note.text}
        </text>
      ) : null}
    </g>
  );
}
