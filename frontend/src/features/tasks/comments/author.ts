import { anApp, you } from "@/messages/comments";
import { assistantOf } from "../view/assistant-of";

/** Who wrote a comment: all of a user's comments are the user's, or of an app that acts for them. */
export const authorOf = (actor: string): string =>
  actor.startsWith("user:") ? you() : (assistantOf(actor) ?? anApp());
