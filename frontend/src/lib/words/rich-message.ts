import type { CompiledMessage } from "icu-minify/format";
import { createElement, Fragment, type ReactNode } from "react";
import { parts } from "./message";

/** Renders what stands between the tags of a message, such as `<link>here</link>`. */
export type Tag = (children: ReactNode) => ReactNode;

/** A function that renders one message with tags. */
export function richMessage<V extends Record<string, string | number | Date | Tag>>(
  id: number,
  english: CompiledMessage,
) {
  return function say(values: V): ReactNode {
    const found = parts(id, english, values);
    return Array.isArray(found) ? createElement(Fragment, null, ...found) : found;
  };
}
