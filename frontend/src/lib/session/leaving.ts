import { send } from "@/lib/api/send";

/** In the local storage while a session has ended in this browser, and perhaps not at the server. */
const key = "taskwire.leaving";

const stored = <Result>(access: (storage: Storage) => Result): Result | null => {
  try {
    return access(localStorage);
  } catch {
    return null; // The browser has no storage.
  }
};

export const isLeaving = (): boolean => stored((storage) => storage.getItem(key)) !== null;
export const hasLeft = () => void stored((storage) => storage.removeItem(key));

/** Ends the session at the server, by its cookie or a token. False if that has to be tried again. */
export async function endAtServer(token: string | null): Promise<boolean> {
  stored((storage) => storage.setItem(key, ""));
  try {
    const { ok, status } = await send("POST", "/api/auth/logout", {}, token);
    if (!ok && status !== 401) return false;
    hasLeft();
    return true;
  } catch {
    return false;
  }
}
