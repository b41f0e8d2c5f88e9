/** How long after an act the document may still change, in milliseconds. */
const settled = 1000;

let stop = () => {};

/**
 * Keeps the focus on an element that is drawn anew after an act, wherever `find` finds it. It takes the focus only from what is the
 * same thing and if nothing has it, and ends with the next press: a screen reader moves the focus without one.
 */
export function followFocus(isSame: (element: Element) => boolean, find: () => HTMLElement | null) {
  stop();
  const following = new AbortController();
  const { signal } = following;
  stop = () => following.abort();
  for (const press of ["keydown", "pointerdown"])
    window.addEventListener(press, stop, { capture: true, signal });
  const end = performance.now() + settled;
  // Not once: a menu gives back the focus after it has closed, and the element may be drawn several frames later.
  const follow = () => {
    if (signal.aborted) return;
    const focused = document.activeElement;
    if (!focused || focused === document.body || isSame(focused)) {
      const element = find();
      if (element !== focused) element?.focus();
    }
    if (performance.now() < end) requestAnimationFrame(follow);
    else following.abort();
  };
  requestAnimationFrame(follow);
}
