export interface Point {
  x: number;
  y: number;
}

/** How near an edge the pointer is when its list scrolls, as a part of the list's width or height: dnd-kit's own default. */
const edge = 0.2;

/**
 * Whether a point of the window is so near an edge of an element that a drag scrolls the element. While what it is over changes, dnd-kit
 * compares the pointer with the edges of another element for a moment: a board ran away below a card that was dragged to the next column.
 */
export function scrollsAt(element: Element, { x, y }: Point): boolean {
  const { left, top, width, height } = element.getBoundingClientRect();
  const near = (at: number, start: number, size: number) =>
    at <= start + edge * size || at >= start + (1 - edge) * size;
  return (
    (element.scrollWidth > element.clientWidth && near(x, left, width)) ||
    (element.scrollHeight > element.clientHeight && near(y, top, height))
  );
}
