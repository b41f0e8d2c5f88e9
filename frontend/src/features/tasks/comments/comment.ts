import type { Schema } from "@/lib/api/schema";

export type Comment = Schema["Comment"];

/** A comment before and after a change; one can be null, where there is none. */
export interface CommentEffect {
  before: Comment | null;
  after: Comment | null;
}
