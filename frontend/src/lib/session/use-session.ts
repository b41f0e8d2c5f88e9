"use client";

import { useSyncExternalStore } from "react";
import { session, type SessionState } from "./session";

const atBuild: SessionState = { status: "unknown", account: null };

/** The signed-in user. */
export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.getState, () => atBuild);
}
