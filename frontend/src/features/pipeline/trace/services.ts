/** The color of each function's bars; globals.css has one of each number for each theme. */
const colors: Record<string, string> = {
  gateway: "var(--trace-1)",
  tasks: "var(--trace-2)",
  "recurring-spawn": "var(--trace-3)",
  mcp: "var(--trace-4)",
  "reminder-fan-in": "var(--trace-5)",
  notifications: "var(--trace-5)",
  "overdue-check": "var(--trace-6)",
  "outbox-relay": "var(--trace-6)",
};

export const colorOf = (service: string) => colors[service] ?? "var(--ink-3)";
