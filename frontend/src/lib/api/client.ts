import { accessToken, renewAccessToken } from "@/lib/session/session";
import { readProblem } from "./problem";
import { type Method, type RequestOptions, send } from "./send";

/** Calls the API as the user; an expired token is renewed once. Throws Problem or Unreachable. */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const token = await accessToken();
  let response = await send(method, path, options, token);
  if (response.status === 401) {
    response = await send(method, path, options, await renewAccessToken(token));
  }
  if (!response.ok) throw await readProblem(response);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export const api = {
  get: <T>(path: string, options?: RequestOptions) => request<T>("GET", path, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>("POST", path, { ...options, body }),
  put: <T>(path: string, body: unknown, options?: RequestOptions) =>
    request<T>("PUT", path, { ...options, body }),
  patch: <T>(path: string, body: unknown, options?: RequestOptions) =>
    request<T>("PATCH", path, { ...options, body }),
  delete: <T = void>(path: string, options?: RequestOptions) => request<T>("DELETE", path, options),
};
