import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { problem, server, sessionAnswer } from "@/testing/server";
import { session, signIn } from "./session";

test("a session that the server could not end is ended at the next start, before anyone signs in", async () => {
  const calls: string[] = [];
  let answer = () => problem(503);
  server.use(
    http.post("*/api/auth/logout", ({ request }) => {
      calls.push(`logout ${request.headers.get("Authorization") ?? "by the cookie"}`);
      return answer();
    }),
    http.post("*/api/auth/login", () => {
      calls.push("login");
      return HttpResponse.json(sessionAnswer());
    }),
  );
  session.enter(sessionAnswer("token-1"));
  expect(await session.end()).toBe(false);
  expect(session.getState().status).toBe("out");

  answer = () => new HttpResponse(null, { status: 204 });
  session.start();
  await signIn({ email: "ada@example.org", password: "a password" });
  expect(calls).toEqual(["logout Bearer token-1", "logout by the cookie", "login"]);
  expect(await session.end()).toBe(true);
  expect(localStorage.getItem("taskwire.leaving")).toBeNull();
});
