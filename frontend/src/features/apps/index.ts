/** What other features may use of the connected apps. */
export { AppsSection } from "./apps-section";
