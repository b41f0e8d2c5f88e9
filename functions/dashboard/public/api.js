// Calls of the API, and the session. The access token lives in memory only; the refresh cookie, which no script
// can read, brings a new one.

/** What the API says is wrong (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    const fields = (body.errors ?? []).map((e) => `${e.field.slice(1)}: ${e.detail}`).join("; ");
    super(fields || body.detail || body.title || `The server answered ${status}.`);
    this.status = status;
  }
}

export const session = { token: null };

async function send(method, path, body, token) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = method === "PATCH" && !path.endsWith("/complete") ? "application/merge-patch+json" : "application/json";
  if (method === "POST") headers["Idempotency-Key"] = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  const answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  const value = text && /json/.test(answer.headers.get("Content-Type") ?? "") ? JSON.parse(text) : {};
  if (!answer.ok) throw new Problem(answer.status, value);
  return value;
}

let refreshing = null;

/** Exchanges the refresh cookie for a new access token; calls at the same time share one exchange. */
export function resume() {
  refreshing ??= send("POST", "/api/auth/refresh")
    .then((answer) => (session.token = answer.access_token))
    .catch((error) => {
      if (error.status === 401) session.token = null;
      throw error;
    })
    .finally(() => (refreshing = null));
  return refreshing;
}

/** Calls the API, with a new access token when the old one has expired. */
export async function api(method, path, body) {
  try {
    return await send(method, path, body, session.token);
  } catch (error) {
    if (error.status !== 401) throw error;
    await resume();
    return send(method, path, body, session.token);
  }
}

export async function signIn(kind, form) {
  session.token = (await send("POST", `/api/auth/${kind}`, form)).access_token;
}

export async function signOut() {
  await send("POST", "/api/auth/logout", undefined, session.token);
  session.token = null;
}
