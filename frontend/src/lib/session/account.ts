import type { Schema } from "@/lib/api/schema";

export type Account = Schema["User"];

const key = "taskwire.account";

/**
 * The user who signed in last, so that a reload can show that user's tasks before the server responds. It is not a
 * credential: those are a cookie that no script can read and a token in memory.
 */
export function rememberedAccount(): Account | null {
  try {
    const text = localStorage.getItem(key);
    return text ? (JSON.parse(text) as Account) : null;
  } catch {
    return null;
  }
}

export function rememberAccount(account: Account | null) {
  try {
    if (account) localStorage.setItem(key, JSON.stringify(account));
    else localStorage.removeItem(key);
  } catch {
    // Storage is disabled: the next reload waits for the server.
  }
}
