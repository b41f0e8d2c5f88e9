/** What other features may use of the tokens. */
export { PasswordDialog } from "./components/password-dialog";
export type { Scope } from "./token";
