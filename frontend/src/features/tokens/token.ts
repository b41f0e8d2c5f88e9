export const scopes = ["tasks:read", "tasks:write", "mcp"] as const;
export type Scope = (typeof scopes)[number];

export const scopeLabels: Record<Scope, { label: string; text: string }> = {
  "tasks:read": { label: "Read", text: "See tasks, their history, and notifications" },
  "tasks:write": { label: "Write", text: "Create, change and delete tasks" },
  mcp: { label: "Assistant", text: "Work with your tasks over MCP" },
};

/** What a script may be given. */
export const scriptScopes: Scope[] = ["tasks:read", "tasks:write"];

/** What an assistant may do. With a tasks scope beside `mcp` it may do no more than that. */
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
export interface Token {
  id: string;
  name: string;
  scopes: Scope[];
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
}

export interface NewToken {
  name: string;
  scopes: Scope[];
  expires_in_days: number;
}

/** A token as it is told once, and never again. */
export interface CreatedToken extends Token {
  token: string;
}

export const lifetimes: { days: number; label: string }[] = [
  { days: 7, label: "7 days" },
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
  { days: 365, label: "A year" },
];
