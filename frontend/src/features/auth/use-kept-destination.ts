import { useSyncExternalStore } from "react";
import { type AuthPage, keepDestination } from "./destination";

const never = () => () => {};

/** The address of another form, which keeps the destination: `next`, or what the address of this page asks for. */
export const useKeptDestination = (page: AuthPage, next?: string): string =>
  useSyncExternalStore(
    never,
    () => keepDestination(page, next === undefined ? location.search : asking(next), location.origin),
    () => page,
  );

/** The query of an address that asks for a page. */
export const asking = (next: string) => `?next=${encodeURIComponent(next)}`;
