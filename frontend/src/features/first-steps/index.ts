/** What other features may use of the first steps. */
export { FirstSteps } from "./first-steps";
