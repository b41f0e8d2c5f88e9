import { send } from "@/lib/api/send";

/** In the local storage while a session has ended in this browser, but may not have ended at the server. */
const key = "taskwire.leaving";

export function isLeaving(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

export function setLeaving(leaving: boolean) {
  try {
    if (leaving) localStorage.setItem(key, "");
    else localStorage.removeItem(key);
  } catch {
    // Storage is disabled: the session ends at the server when its cookie expires.
  }
}

/** Ends the session at the server, by its cookie or a token. False if that has to be tried again. */
export async function endAtServer(token: string | null): Promise<boolean> {
  setLeaving(true);
  try {
    const { ok, status } = await send("POST", "/api/auth/logout", {}, token);
    if (!ok && status !== 401) return false;
    setLeaving(false);
    return true;
  } catch {
    return false;
  }
}
