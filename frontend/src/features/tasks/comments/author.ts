import { anApp, you } from "@/messages/comments";

/** Who wrote a comment: all of a user's comments are the user's, or of an app that acts for them. */
export function authorOf(actor: string): string {
  if (actor.startsWith("user:")) return you();
  const [, app] = /^assistant:([^/]+)\//.exec(actor) ?? [];
  return app ?? anApp();
}
