import type { SyntheticEvent } from "react";

/**
 * Whether an event happened inside the element that handles it. React also passes on the events of menus and dialogs that are rendered
 * below it, wherever they are in the document.
 */
export const isWithin = ({ currentTarget, target }: SyntheticEvent): boolean =>
  target instanceof Node && currentTarget.contains(target);
