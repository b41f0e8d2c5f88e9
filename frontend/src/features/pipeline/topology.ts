/** A node of the picture, with its place on a grid. */
export interface Node {
  id: string;
  /** Its label; a function with two roles has two nodes. */
  name: string;
  kind: "function" | "topic" | "store";
  /** Whether the node exists to consume a topic. */
  consumer: boolean;
  column: number;
  row: number;
}

const consumers = 4;

const node = (kind: Node["kind"], column: number, row: number, name: string, id = name): Node => ({
  id,
  name,
  kind,
  consumer: column === consumers,
  column,
  row,
});

/** The event flow: from a request on the left, through a commit, to the consumers on the right. */
export const nodes: Node[] = [
  node("function", 0, 2, "gateway"),
  node("function", 1, 0, "auth"),
  node("function", 1, 1, "mcp"),
  node("function", 1, 2, "tasks"),
  node("function", 1, 3, "notifications"),
  node("store", 2, 1, "postgres"),
  node("store", 2, 2, "outbox"),
  node("function", 2, 3, "outbox-relay"),
  node("function", 2, 4, "overdue-check"),
  node("topic", 3, 1, "task-events"),
  node("topic", 3, 2, "task-updates"),
  node("topic", 3, 3, "reminders"),
  node("topic", 3, 4, "dead-letters"),
  node("function", consumers, 0, "mcp", "mcp-context"),
  node("function", consumers, 1, "recurring-spawn"),
  node("function", consumers, 2, "gateway", "gateway-stream"),
  node("function", consumers, 3, "reminder-fan-in"),
  node("function", consumers, 4, "dead-letter"),
];

/** An edge between two nodes, by their ids. */
export const edges: [string, string][] = [
  ["gateway", "auth"],
  ["gateway", "mcp"],
  ["gateway", "tasks"],
  ["gateway", "notifications"],
  ["mcp", "tasks"],
  ["auth", "postgres"],
  ["tasks", "postgres"],
  ["notifications", "postgres"],
  ["postgres", "outbox"],
  ["outbox", "outbox-relay"],
  ["outbox", "task-events"],
  ["outbox", "task-updates"],
  ["outbox", "reminders"],
  ["overdue-check", "reminders"],
  ["task-events", "mcp-context"],
  ["task-events", "recurring-spawn"],
  ["task-updates", "gateway-stream"],
  ["reminders", "reminder-fan-in"],
  ["dead-letters", "dead-letter"],
];
