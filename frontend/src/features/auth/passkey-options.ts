import { readProblem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";
import { send } from "@/lib/api/send";

/** The options to sign in with a passkey: any, or one of the user whose password was right. */
export async function passkeyOptions(
  body: Schema["SignInOptions"],
  signal?: AbortSignal,
): Promise<Schema["PasskeyOptions"]> {
  const response = await send(
    "POST",
    "/api/auth/login/passkey/options",
    { body, ...(signal ? { signal } : {}) },
    null,
  );
  if (!response.ok) throw await readProblem(response);
  return (await response.json()) as Schema["PasskeyOptions"];
}
