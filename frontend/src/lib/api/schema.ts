import type { components } from "./openapi";

/** The schemas of docs/openapi.yaml, by their names there. */
export type Schema = components["schemas"];
