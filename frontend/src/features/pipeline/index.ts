/** What other features may use of the pipeline. */
export { HowItTravelled } from "./components/how-it-travelled";
