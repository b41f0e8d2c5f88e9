import { Problem, readProblem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";
import { send } from "@/lib/api/send";
import { open } from "@/lib/session/session";
import { browserPlace } from "@/lib/time/place";
import { visit } from "@/lib/visit";

export type Provider = Schema["Providers"]["providers"][number];

/** The providers that users can sign in with. */
export async function listProviders(signal?: AbortSignal): Promise<Provider[]> {
  const response = await send("GET", "/api/auth/oidc/providers", signal ? { signal } : {}, null);
  if (!response.ok) throw await readProblem(response);
  return ((await response.json()) as Schema["Providers"]).providers;
}

/** Goes to a provider to sign in, and then to a page of this app. */
export async function signInAt(provider: Provider, back: string): Promise<void> {
  const response = await send("POST", "/api/auth/oidc/start", { body: { provider: provider.id } }, null);
  if (!response.ok) throw await readProblem(response);
  const { url } = (await response.json()) as Schema["Departure"];
  visit(url, { purpose: "sign-in", provider: provider.id, name: provider.name, back });
}

/** Starts a session with what a provider has said, or returns the next step. The server may not know this browser's zone or locale. */
export async function finishSignIn(said: Schema["ProviderReturn"]) {
  try {
    return await open("/api/auth/oidc/callback", { ...said, ...browserPlace() });
  } catch (error) {
    const unknown =
      error instanceof Problem && ["timezone", "locale", "week_start"].some((name) => error.of(name));
    if (!unknown) throw error;
    return open("/api/auth/oidc/callback", said);
  }
}
