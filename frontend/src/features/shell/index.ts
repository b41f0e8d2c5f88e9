/** What pages use of the shell around them. */
export { Header } from "./header";
export { viewLabel } from "./nav-items";
