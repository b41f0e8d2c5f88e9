import type { components } from "./openapi";

/** The schemas of docs/openapi.yaml, by name. */
export type Schema = components["schemas"];
