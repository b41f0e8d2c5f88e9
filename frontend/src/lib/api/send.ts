import { Unreachable } from "./problem";
import { newTraceparent } from "./trace";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface RequestOptions {
  body?: unknown;
  /** The version that the change is based on: the server rejects the change (412) if the task has another one. */
  ifMatch?: number;
  /** Makes it safe to repeat a change; every POST without one gets a new key. */
  idempotencyKey?: string;
  /** The trace to continue instead of starting one. */
  traceparent?: string;
  query?: Record<string, string | number | undefined | null | string[]>;
  signal?: AbortSignal;
}

/** Calls the API with a token, or anonymously. */
export async function send(
  method: Method,
  path: string,
  options: RequestOptions,
  token: string | null,
): Promise<Response> {
  const headers = new Headers({
    Accept: "application/json",
    traceparent: options.traceparent ?? newTraceparent(),
  });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  if (options.ifMatch !== undefined) headers.set("If-Match", `"${options.ifMatch}"`);
  const key = options.idempotencyKey ?? (method === "POST" ? crypto.randomUUID() : null);
  if (key) headers.set("Idempotency-Key", key);
  try {
    return await fetch(path + queryString(options.query), {
      method,
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
      cache: "no-store",
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Unreachable(error);
  }
}

function queryString(query: RequestOptions["query"]): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  const text = params.toString();
  return text && `?${text}`;
}
