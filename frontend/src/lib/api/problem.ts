import * as words from "@/messages/problems";
import type { Schema } from "./schema";

/** The error of one member of a request: a JSON Pointer and a sentence. */
export type FieldProblem = NonNullable<Schema["Problem"]["errors"]>[number];

/** An error response, as an RFC 9457 problem. */
export class Problem extends Error {
  override name = "Problem";

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly errors: FieldProblem[] = [],
    /** Seconds to wait before a retry, if the server says so. */
    readonly retryAfter: number | null = null,
    /** Its kind: the last part of the URI, as docs/errors.md lists them. */
    readonly kind: string = "",
  ) {
    super(errors[0]?.detail ?? detail);
  }

  /** Whether the same request may succeed later: the server was busy or unavailable. */
  get passing(): boolean {
    return this.status === 429 || this.status >= 500;
  }

  /** The error of a member of the body, such as `title`. */
  of(member: string): string | undefined {
    const detail = this.errors.find((e) => e.field === `/${member}`)?.detail;
    return detail && (translated?.detail(detail) ?? detail);
  }
}

/** A network error: it is unknown whether the request arrived. */
export class Unreachable extends Error {
  override name = "Unreachable";

  constructor(cause: unknown) {
    super(words.unreachable(), { cause });
  }
}

/** Reads the problem from a response, whatever its body is. */
export async function readProblem(response: Response): Promise<Problem> {
  const after = Number(response.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(after) && after > 0 ? after : null;
  let body: Record<string, unknown> = {};
  try {
    body = (await response.json()) as Record<string, unknown>;
  } catch {
    // A proxy's page; the status is enough.
  }
  const text = (value: unknown, otherwise: string) =>
    typeof value === "string" && value ? value : otherwise;
  const errors = Array.isArray(body.errors) ? (body.errors as FieldProblem[]) : [];
  const title = text(body.title, words.answered({ status: response.status }));
  const kind = text(body.type, "").replace(/^.*\//, "");
  return new Problem(response.status, title, text(body.detail, title), errors, retryAfter, kind);
}

/** What problems are called in a language that the server does not speak; null is its own English text. */
interface Translation {
  problem: (problem: Problem) => string | null;
  /** Of a member, or of a conflict. */
  detail: (detail: string) => string | null;
}

let translated: Translation | null = null;

/** Sets what problems are called in the language of the page; with null, English. */
export function translateProblems(translation: Translation | null) {
  translated = translation;
}

/** A message for the user about a problem, without the names of fields. */
export const briefly = (problem: Problem): string =>
  translated?.problem(problem) ?? translated?.detail(problem.message) ?? problem.message;

/** A message for the user about any thrown value. */
export function explain(error: unknown): string {
  if (error instanceof Problem) {
    const said = translated?.problem(error);
    if (said) return said;
    const fields = error.errors.map(
      ({ field, detail }) =>
        translated?.detail(detail) ?? `${field.slice(1).replaceAll("_", " ")}: ${detail}`,
    );
    return fields.length ? fields.join("; ") : (translated?.detail(error.detail) ?? error.detail);
  }
  if (error instanceof Error) return error.message;
  return words.wrong();
}
