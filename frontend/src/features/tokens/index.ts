/** What other features may use of the tokens. */
export { useCreateToken } from "./api/create-token";
export type { Scope } from "./token";
