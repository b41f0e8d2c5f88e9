/**
 * The page of this app that `next` in an address asks for, or the first one. Browsers drop tabs and line breaks from an
 * address and read \\ as /, so what would lead to another site is seen only after they have parsed it.
 */
export function destination(search: string, origin: string): string {
  const next = new URLSearchParams(search).get("next");
  if (!next?.startsWith("/") || !URL.canParse(next, origin)) return "/";
  const { origin: there, pathname, search: query, hash } = new URL(next, origin);
  return there === origin && !pathname.startsWith("//") ? pathname + query + hash : "/";
}

/** A page with a form for users who are not signed in. */
export type AuthPage = "/sign-in" | "/sign-up" | "/forgotten";

/** The address of another form, which keeps the destination. */
export function keepDestination(page: AuthPage, search: string, origin: string): string {
  const next = destination(search, origin);
  return next === "/" ? page : `${page}?next=${encodeURIComponent(next)}`;
}
