/** The name of the assistant, or of the connected app, that acted for the user: the actor `assistant:<name>/<token>` of the log. */
export const assistantOf = (actor: string): string | undefined => /^assistant:([^/]+)\//.exec(actor)?.[1];
