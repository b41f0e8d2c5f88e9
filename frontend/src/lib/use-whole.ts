import { useLate } from "./use-late";

/** False until what a component shows at first has been painted, and true from then on. */
export const useWhole = (): boolean => useLate(true, false);
