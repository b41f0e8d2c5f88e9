import { useState } from "react";
import { explain } from "@/lib/api/problem";
import { notify } from "@/lib/notify";
import { explainPasskey } from "@/lib/passkey";
import { failed } from "@/messages/proof";
import { needsConfirmation } from "./confirm-dialog";

/** Runs a change, after the user has confirmed if the server wants that. */
export type Guard = <T>(change: () => Promise<T>) => Promise<T | undefined>;

/** A guard, and what its ConfirmDialog needs. */
export function useGuard() {
  const [again, setAgain] = useState<(() => void) | null>(null);

  const guard: Guard = async (change) => {
    try {
      return await change();
    } catch (error) {
      if (!needsConfirmation(error)) return tell(error);
    }
    return new Promise((resolve) => {
      setAgain(() => () => resolve(change().catch(tell)));
    });
  };
  return { guard, again, close: () => setAgain(null) };
}

/** A user who has cancelled knows it. */
function tell(error: unknown): undefined {
  const browser = explainPasskey(error);
  if (browser !== null) {
    void notify((toast) => toast.error(failed(), { description: browser ?? explain(error) }));
  }
  return undefined;
}
