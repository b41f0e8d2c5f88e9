import * as words from "@/messages/passkey";
import type { Schema } from "@/lib/api/schema";

type Options = Schema["PasskeyOptions"];

/** Whether this browser can use passkeys at all. It may still have none. */
export const supportsPasskeys = () =>
  typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential;

/** Makes a passkey. It rejects with a DOMException if the user cancels. */
export async function createPasskey({ publicKey }: Options): Promise<Schema["PasskeyAnswer"]> {
  const options = publicKey as unknown as PublicKeyCredentialCreationOptionsJSON;
  return answerOf(
    await navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
    }),
  );
}

/** Signs a challenge with a passkey; `conditional` offers it among the suggestions of a field. */
export async function askPasskey(
  { publicKey }: Options,
  more: { mediation?: "conditional"; signal?: AbortSignal } = {},
): Promise<Schema["PasskeyAnswer"]> {
  const options = publicKey as unknown as PublicKeyCredentialRequestOptionsJSON;
  return answerOf(
    await navigator.credentials.get({
      ...more,
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
    }),
  );
}

function answerOf(credential: Credential | null): Schema["PasskeyAnswer"] {
  if (!(credential instanceof PublicKeyCredential)) throw new Error(words.noPasskey());
  return credential.toJSON() as unknown as Schema["PasskeyAnswer"];
}

/** What to say about an error of the browser, or null if the user has cancelled. */
export function explainPasskey(error: unknown): string | null | undefined {
  if (!(error instanceof DOMException)) return undefined;
  if (error.name === "NotAllowedError" || error.name === "AbortError") return null;
  if (error.name === "InvalidStateError") return words.alreadyThere();
  if (error.name === "SecurityError") return words.notSecure();
  return words.notUsable();
}
