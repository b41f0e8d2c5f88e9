import type { Schema } from "@/lib/api/schema";

export type Account = Schema["User"];

export const accountKey = "taskwire.account";

/**
 * The user who signed in last, so that a reload can show that user's tasks before the server responds. It is not a
 * credential: those are a cookie that no script can read and a token in memory.
 */
export function rememberedAccount(): Account | null {
  try {
    const text = localStorage.getItem(accountKey);
    return text ? (JSON.parse(text) as Account) : null;
  } catch {
    return null;
  }
}

export function rememberAccount(account: Account | null) {
  try {
    if (account) localStorage.setItem(accountKey, JSON.stringify(account));
    else localStorage.removeItem(accountKey);
  } catch {
    // Storage is disabled: the next reload waits for the server.
  }
}
