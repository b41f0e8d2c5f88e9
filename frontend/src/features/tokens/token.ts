import type { Schema } from "@/lib/api/schema";
import * as creation from "@/messages/newToken";
import * as words from "@/messages/tokens";

export type Scope = Schema["Scopes"][number];
export const scopes = ["tasks:read", "tasks:write", "mcp"] as const satisfies Scope[];

export const scopeLabels: Record<Scope, { label: () => string; text: () => string }> = {
  "tasks:read": { label: words.read, text: words.readText },
  "tasks:write": { label: words.write, text: words.writeText },
  mcp: { label: words.assistant, text: words.assistantText },
};

/** The scopes for scripts. */
export const scriptScopes: Scope[] = ["tasks:read", "tasks:write"];

/** The access levels of an assistant. A tasks scope next to `mcp` restricts it to that scope. */
export const assistantAccess = {
  change: { scopes: ["mcp"], label: creation.changeTasks, text: creation.changeTasksText },
  read: {
    scopes: ["tasks:read", "mcp"],
    label: creation.readOnly,
    text: creation.readOnlyText,
  },
} satisfies Record<string, { scopes: Scope[]; label: () => string; text: () => string }>;

export type AssistantAccess = keyof typeof assistantAccess;

/** A personal access token, without its secret. */
export type Token = Schema["Token"];
export type NewToken = Schema["NewToken"];
/** A token with its secret, which is shown only once. */
export type CreatedToken = Schema["CreatedToken"];

export const lifetimes: { days: number; label: () => string }[] = [
  { days: 7, label: () => creation.days({ count: 7 }) },
  { days: 30, label: () => creation.days({ count: 30 }) },
  { days: 90, label: () => creation.days({ count: 90 }) },
  { days: 365, label: creation.aYear },
];
