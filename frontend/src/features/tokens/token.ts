import type { Schema } from "@/lib/api/schema";

export type Scope = Schema["Scopes"][number];
export const scopes = ["tasks:read", "tasks:write", "mcp"] as const satisfies Scope[];

export const scopeLabels: Record<Scope, { label: string; text: string }> = {
  "tasks:read": { label: "Read", text: "See tasks, their history, and notifications" },
  "tasks:write": { label: "Write", text: "Create, change and delete tasks" },
  mcp: { label: "Assistant", text: "Work with your tasks over MCP" },
};

/** The scopes for scripts. */
export const scriptScopes: Scope[] = ["tasks:read", "tasks:write"];

/** The access levels of an assistant. A tasks scope next to `mcp` restricts it to that scope. */
export const assistantAccess = {
  change: { scopes: ["mcp"], label: "Read and change tasks", text: "The token opens /mcp and nothing else" },
  read: {
    scopes: ["tasks:read", "mcp"],
    label: "Read only",
    text: "It is offered no tool that changes anything",
  },
} satisfies Record<string, { scopes: Scope[]; label: string; text: string }>;

export type AssistantAccess = keyof typeof assistantAccess;

/** A personal access token, without its secret. */
export type Token = Schema["Token"];
export type NewToken = Schema["NewToken"];
/** A token with its secret, which is shown only once. */
export type CreatedToken = Schema["CreatedToken"];

export const lifetimes: { days: number; label: string }[] = [
  { days: 7, label: "7 days" },
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
  { days: 365, label: "A year" },
];
