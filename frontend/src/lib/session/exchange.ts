import { send } from "@/lib/api/send";
import { readProblem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";

/** The response to a login, a registration or a refresh. */
export type SessionAnswer = Schema["Session"];

const pendingKey = "taskwire.exchange";

/**
 * Exchanges the refresh cookie for a new session. The server treats the second use of a cookie as theft and ends the
 * session, unless it has the Idempotency-Key of the first, within a day. So the key is stored until the response arrives: a page
 * that is closed in between sends the same key when it is opened again.
 */
export async function exchange(): Promise<SessionAnswer> {
  const key = unansweredKey() ?? crypto.randomUUID();
  remember(key);
  const response = await send("POST", "/api/auth/refresh", { idempotencyKey: key }, null);
  if (!response.ok) {
    const problem = await readProblem(response);
    if (!problem.passing) remember(null);
    throw problem;
  }
  const answer = (await response.json()) as SessionAnswer;
  remember(null);
  return answer;
}

function unansweredKey(): string | null {
  try {
    return localStorage.getItem(pendingKey);
  } catch {
    return null;
  }
}

function remember(key: string | null) {
  try {
    if (key) localStorage.setItem(pendingKey, key);
    else localStorage.removeItem(pendingKey);
  } catch {
    // Storage is disabled: this matters only if the page is closed during an exchange.
  }
}
