import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expectAccessible } from "./axe";
import { expect, isLive, test } from "./fixtures";

/** An app on this computer, with a port that it gets its codes at. */
async function startApp(origin: string) {
  const codes: ((answer: URLSearchParams) => void)[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname === "/callback") codes.shift()?.(url.searchParams);
    const body =
      url.pathname === "/frame" ? `<iframe src="${url.searchParams.get("of")}"></iframe>` : "<h1>Back</h1>";
    response.setHeader("Content-Type", "text/html").end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const callback = `${home}/callback`;
  const verifier = randomBytes(32).toString("base64url");
  const registered = await fetch(`${origin}/api/auth/oauth/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    // The port is not the one that it uses later (RFC 8252, 7.3).
    body: JSON.stringify({ client_name: "Sorter", redirect_uris: ["http://127.0.0.1/callback"] }),
  });
  const { client_id: client } = (await registered.json()) as { client_id: string };
  const form = async (fields: Record<string, string>) => {
    const response = await fetch(`${origin}/api/auth/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({ client_id: client, ...fields }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  return {
    home,
    address: `/oauth/authorize?${new URLSearchParams({
      response_type: "code",
      client_id: client,
      redirect_uri: callback,
      scope: "mcp",
      state: "a state",
      resource: `${origin}/mcp`,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    })}`,
    answered: () => new Promise<URLSearchParams>((resolve) => codes.push(resolve)),
    exchange: (code: string) =>
      form({ grant_type: "authorization_code", code, redirect_uri: callback, code_verifier: verifier }),
    refresh: (token: string) => form({ grant_type: "refresh_token", refresh_token: token }),
    call: async (token: string, name: string) => {
      const response = await fetch(`${origin}/mcp`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json, text/event-stream",
          Authorization: `Bearer ${token}`,
        },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name, arguments: {} },
        }),
      });
      return { status: response.status, text: await response.text() };
    },
    stop: () => server.close(),
  };
}

test("an app is connected for reading, listed and disconnected", async ({ user, context, page, baseURL }) => {
  const origin = new URL(baseURL ?? "").origin;
  const app = await startApp(origin);
  try {
    // Signed out: first the sign-in, then the question.
    await page.goto(app.address);
    await page.getByLabel("Email").fill(user.email);
    await page.getByLabel("Password").fill(user.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: "Connect Sorter?" })).toBeVisible();
    await expect(page.getByText("Unverified.")).toBeVisible();
    await expect(
      page.getByText(`Signed in as ${user.email}. You will then return to an app on this computer.`),
    ).toBeVisible();
    await expectAccessible(page, "consent");

    const refused = app.answered();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect((await refused).get("error")).toBe("access_denied");
    await expect(page.getByRole("heading", { name: "Back" })).toBeVisible();

    await page.goto(app.address);
    await page.getByRole("switch", { name: "Change your tasks" }).click();
    const allowed = app.answered();
    await page.getByRole("button", { name: "Allow reading" }).click();
    const answer = await allowed;
    expect(answer.get("state")).toBe("a state");
    expect(answer.get("iss")).toBe(origin);
    await expect(page.getByRole("heading", { name: "Back" })).toBeVisible();
    const tokens = (await app.exchange(answer.get("code") ?? "")).body;
    expect(tokens.scope).toBe("tasks:read mcp");
    expect((await app.call(tokens.access_token ?? "", "list_tasks")).status).toBe(200);
    expect((await app.call(tokens.access_token ?? "", "add_task")).text).toContain("insufficient scope");

    const settings = await context.newPage();
    await settings.goto("/settings/connect");
    await isLive(settings);
    const list = settings.getByRole("list", { name: "Connected apps" });
    await expect(list.getByRole("listitem")).toHaveText(/Sorter unverified.*Reads tasks · last used/);
    await expectAccessible(settings, "connected apps");
    await list.getByRole("button", { name: "Disconnect Sorter" }).click();
    await expect(settings.getByText("No connected apps")).toBeVisible();
    expect((await app.call(tokens.access_token ?? "", "list_tasks")).status).toBe(401);
    expect(await app.refresh(tokens.refresh_token ?? "")).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    });
  } finally {
    app.stop();
  }
});

test("the question is not asked in a frame, nor for an address that the app has not registered", async ({
  user,
  context,
  baseURL,
}) => {
  const origin = new URL(baseURL ?? "").origin;
  const app = await startApp(origin);
  try {
    const page = await user.signIn(context);
    const evil = await context.newPage();
    await evil.goto(`${app.home}/frame?of=${encodeURIComponent(origin + app.address)}`);
    // What Chromium shows in place of a page that must not be framed.
    await expect
      .poll(() => evil.frames().map((frame) => frame.url()))
      .toContain("chrome-error://chromewebdata/");
    await page.goto(app.address.replace(/redirect_uri=[^&]*/, "redirect_uri=https%3A%2F%2Fevil.example%2F"));
    await expect(page.getByRole("heading", { name: "This app cannot be connected" })).toBeVisible();
    await expect(page.getByText("that it has not registered")).toBeVisible();
  } finally {
    app.stop();
  }
});
