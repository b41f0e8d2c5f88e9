import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import type { Schema } from "@/lib/api/schema";

export const account: Schema["User"] = {
  id: "019aa8ef-1000-7b20-9c3d-4e5f60718293",
  email: "ada@example.org",
  name: "Ada",
  role: "user",
  created_at: "2026-11-23T11:58:00Z",
};

/** The response to a refresh. */
export const sessionAnswer = (token = "token-1"): Schema["Session"] => ({
  access_token: token,
  token_type: "Bearer",
  expires_in: 900,
  user: account,
});

export const server = setupServer(
  http.post("*/api/auth/refresh", () => HttpResponse.json(sessionAnswer())),
  http.get("*/api/auth/factors", () =>
    HttpResponse.json({ passkeys: [], totp: null, recovery_codes_left: 0 } satisfies Schema["Factors"]),
  ),
  http.get("*/api/auth/oidc/identities", () =>
    HttpResponse.json({ password: true, identities: [] } satisfies Schema["SignInWays"]),
  ),
  http.get("*/api/auth/oidc/providers", () =>
    HttpResponse.json({ providers: [] } satisfies Schema["Providers"]),
  ),
  http.post("*/api/auth/logout", () => new HttpResponse(null, { status: 204 })),
);

/** A problem response as in RFC 9457. */
export const problem = (status: number, detail = "no", more: Record<string, unknown> = {}) =>
  HttpResponse.json(
    { type: "about:blank", title: "No", status, detail, ...more },
    { status, headers: { "Content-Type": "application/problem+json" } },
  );
