import { reopen } from "@/messages/bulk";
import { toDelete } from "@/messages/common";
import * as words from "@/messages/swipes";

/** What fingers do to the rows of a list. */
export interface TouchActs {
  /** Whether a tap selects, because something is selected. */
  selecting: () => boolean;
  toggle: (id: string) => void;
  /** Whether a swipe to the right reopens the task instead of completing it. */
  isCompleted: (id: string) => boolean;
  /** What a swipe does, if anything. */
  swiped: (id: string, swipe: Swipe) => void;
}

/** To the right; to the left; far to the left. */
export type Swipe = "complete" | "postpone" | "delete";

/** A finger that has rested this long selects. */
const longPress = 450;
/** A finger is never quite still. */
const slop = 10;
/** How far a row is swiped for its act, and for deletion in parts of its width. */
const far = 88;
const veryFar = 0.6;

/**
 * Long presses and swipes of rows, in their own chunk: only touch screens need it. Scrolling is left to the browser,
 * which ends the touch (pointercancel) when it begins to scroll. Everything here can be done in another way too.
 */
export function watchTouch(list: HTMLElement, acts: TouchActs): () => void {
  let row: HTMLElement | null = null;
  /** The task that was touched: the row may show another before the finger is lifted. */
  let id = "";
  let start = { x: 0, y: 0 };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let swiping = false;
  /** The click that follows a long press or a swipe is not one. */
  let handled = false;

  const idOf = (element: HTMLElement) => element.dataset.task ?? "";

  const down = (event: PointerEvent) => {
    if (event.pointerType !== "touch") return;
    if (!event.isPrimary) return end();
    const target = event.target as Element;
    handled = false;
    const task = target.closest<HTMLElement>("[data-task]");
    id = task ? idOf(task) : "";
    // A field is for editing, the handle for dragging.
    row = target.closest("input, textarea, [data-grip]") ? null : task;
    if (!row) return;
    start = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => {
      if (!row || swiping) return;
      handled = true;
      navigator.vibrate?.(8);
      acts.toggle(id);
      row = null;
    }, longPress);
  };

  const move = (event: PointerEvent) => {
    if (!row || event.pointerType !== "touch" || !event.isPrimary) return;
    const x = event.clientX - start.x;
    const y = event.clientY - start.y;
    if (!swiping) {
      if (Math.hypot(x, y) < slop) return;
      clearTimeout(timer);
      if (Math.abs(x) < 1.5 * Math.abs(y) || acts.selecting()) return end();
      swiping = handled = true;
      row.setPointerCapture(event.pointerId);
    }
    row.style.transform = `translateX(${x}px)`;
    show(row, swipeOf(x, row.offsetWidth), x, acts.isCompleted(id));
  };

  const up = (event: PointerEvent) => {
    if (!event.isPrimary) return;
    const swiped = row;
    const swipe = swiping && swiped ? swipeOf(event.clientX - start.x, swiped.offsetWidth) : null;
    end();
    if (swiped && swipe) acts.swiped(id, swipe);
  };

  const end = () => {
    clearTimeout(timer);
    if (row) {
      row.style.transform = "";
      if (swiping) show(row, null, 0, false);
    }
    row = null;
    swiping = false;
  };

  const click = (event: MouseEvent) => {
    const touched = (event as PointerEvent).pointerType === "touch";
    const task = (event.target as Element).closest<HTMLElement>("[data-task]");
    if (!task || !touched) return;
    const isOther = idOf(task) !== id;
    if (!handled && !isOther && !acts.selecting()) return;
    event.preventDefault();
    event.stopPropagation();
    if (!handled && !isOther) acts.toggle(id);
    handled = false;
  };

  // A long press is a context menu too, on some systems.
  const menu = (event: Event) => {
    if (row || handled) event.preventDefault();
  };

  const listeners = {
    pointerdown: down,
    pointermove: move,
    pointerup: up,
    pointercancel: end,
    contextmenu: menu,
  };
  for (const [name, listener] of Object.entries(listeners))
    list.addEventListener(name, listener as EventListener);
  list.addEventListener("click", click, true);
  return () => {
    end();
    for (const [name, listener] of Object.entries(listeners))
      list.removeEventListener(name, listener as EventListener);
    list.removeEventListener("click", click, true);
  };
}

/** What is done when a row that was moved so far is let go. */
function swipeOf(x: number, width: number): Swipe | null {
  if (x > far) return "complete";
  if (x < -veryFar * width) return "delete";
  return x < -far ? "postpone" : null;
}

const names = { complete: words.complete, postpone: words.postpone, delete: toDelete };

/** Says behind the row what letting it go will do. */
function show(row: HTMLElement, swipe: Swipe | null, x: number, completed: boolean) {
  const place = row.parentElement;
  if (!place) return;
  if (x === 0) {
    delete place.dataset.swipe;
    delete place.dataset.says;
    return;
  }
  place.dataset.swipe = swipe ?? (x > 0 ? "to-complete" : "to-postpone");
  const act = swipe ?? (x > 0 ? "complete" : "postpone");
  place.dataset.says = act === "complete" && completed ? reopen() : names[act]();
}
