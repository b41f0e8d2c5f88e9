import * as words from "@/messages/problemTexts";
import { detailText } from "./detail-texts";
import type { Problem } from "./problem";

const texts: Record<string, () => string> = {
  malformed: words.malformed,
  unauthenticated: words.unauthenticated,
  forbidden: words.forbidden,
  "not-found": words.notFound,
  "request-timeout": words.slow,
  "quota-exceeded": words.quota,
  "precondition-failed": words.changed,
  "too-large": words.tooLarge,
  "target-too-long": words.tooLarge,
  "headers-too-large": words.tooLarge,
  unavailable: words.unavailable,
  internal: words.internal,
};

/** A proxy's responses have no kinds. */
const kinds: Record<number, string> = {
  401: "unauthenticated",
  403: "forbidden",
  404: "not-found",
  413: "too-large",
  429: "rate-limited",
  500: "internal",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/**
 * What to say about a problem in a language that the server does not speak. Of kinds such as `invalid` only the server
 * knows what is wrong; then it is null, and the server's English text is shown.
 */
export function problemText({ kind, status, detail, retryAfter }: Problem): string | null {
  const known = kind || kinds[status] || "";
  if (known === "conflict") return detailText(detail) ?? words.conflict({ detail });
  if (known === "rate-limited") return words.rateLimited({ seconds: retryAfter ?? 0 });
  const said = known === "quota-exceeded" ? detailText(detail) : null;
  return said ?? texts[known]?.() ?? null;
}
