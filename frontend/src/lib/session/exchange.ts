import { send } from "@/lib/api/send";
import { readProblem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";

/** What a login, a registration and a refresh answer. */
export type SessionAnswer = Schema["Session"];

const pendingKey = "taskwire.exchange";
/** The server gives the answer to an exchange again for a minute; a little less is safe. */
const window_ = 50_000;

/**
 * Exchanges the refresh cookie for a new session. The server takes a cookie's second use for a theft and ends the
 * session, unless it comes with the Idempotency-Key of the first. So the key is kept until the answer is here: a page
 * that is closed in the middle asks with the same one when it comes back.
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
    const [key, at] = (localStorage.getItem(pendingKey) ?? "").split(" ");
    return key && Date.now() - Number(at) < window_ ? key : null;
  } catch {
    return null;
  }
}

function remember(key: string | null) {
  try {
    if (key) localStorage.setItem(pendingKey, `${key} ${Date.now()}`);
    else localStorage.removeItem(pendingKey);
  } catch {
    // Storage is turned off: only a page closed at the wrong moment would notice.
  }
}
