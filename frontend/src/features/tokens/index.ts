/** What other features use of the tokens. */
export { useCreateToken } from "./api/create-token";
export type { Scope } from "./token";
