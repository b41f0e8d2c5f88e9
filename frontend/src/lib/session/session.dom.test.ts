import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import { api } from "@/lib/api/client";
import { problem, server, sessionAnswer } from "@/testing/server";
import { exchange } from "./exchange";
import { session } from "./session";

test("many requests with an expired token make one refresh", async () => {
  let refreshes = 0;
  server.use(
    http.post("*/api/auth/refresh", () => {
      refreshes++;
      return HttpResponse.json(sessionAnswer("fresh"));
    }),
    http.get("*/api/todos", ({ request }) =>
      request.headers.get("Authorization") === "Bearer fresh"
        ? HttpResponse.json({ items: [], next_cursor: null })
        : problem(401),
    ),
  );
  session.enter(sessionAnswer("stale"));
  await Promise.all([1, 2, 3, 4].map(() => api.get("/api/todos")));
  expect(refreshes).toBe(1);
});

test("an exchange whose answer was lost is asked for again with its key", async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.post("*/api/auth/refresh", ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key"));
      return keys.length === 1 ? HttpResponse.error() : HttpResponse.json(sessionAnswer());
    }),
  );
  await expect(exchange()).rejects.toThrow();
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 12 * 3_600_000); // the laptop was closed
  await exchange();
  await exchange();
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[1]);
});

test("a session that began while the clock was fast goes on after it is set back", async () => {
  let refreshes = 0;
  server.use(
    http.post("*/api/auth/refresh", () => {
      refreshes++;
      return HttpResponse.json(sessionAnswer("b"));
    }),
    http.get("*/api/todos", ({ request }) =>
      request.headers.get("Authorization") === "Bearer b" ? HttpResponse.json({}) : problem(401),
    ),
  );
  vi.spyOn(Date, "now").mockReturnValueOnce(Date.now() + 3_600_000);
  session.enter(sessionAnswer("a"));
  for (let i = 0; i < 3; i++) await api.get("/api/todos");
  expect(await session.token()).toBe("b");
  expect(refreshes).toBe(1);
});

test("the token is nowhere but in memory", async () => {
  session.enter(sessionAnswer("secret-token"));
  expect(
    JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }) + document.cookie,
  ).not.toContain("secret-token");
});

test("a refused refresh ends the session", async () => {
  server.use(http.post("*/api/auth/refresh", () => problem(401)));
  session.enter(sessionAnswer());
  await expect(session.renew("token-1")).rejects.toMatchObject({ status: 401 });
  expect(session.getState()).toEqual({ status: "out", account: null });
});
