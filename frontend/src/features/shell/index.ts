/** What pages may use of the shell. */
export { Header } from "./header";
export { viewLabel } from "./nav-items";
