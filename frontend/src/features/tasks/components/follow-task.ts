import { followFocus } from "@/lib/follow-focus";

/** The attributes by which a moved task is found: of all places together, and of one. */
export const placesProps = { "data-places": "" };
export const placeProps = (place: string | null) => ({ "data-place": place ?? "" });

const cardButton = "button:not([role=checkbox])";

/**
 * Keeps the focus on a task that moves to another column or day, where another card shows it; if that card is not drawn yet, on the
 * button that shows more there.
 */
export function followTask(card: Element | null, id: string, place: string | null): void {
  const places = card?.closest("[data-places]");
  if (!places) return;
  const cards = `[data-task="${CSS.escape(id)}"]`;
  const task = `${cards} ${cardButton}`;
  const target = `[data-place="${CSS.escape(place ?? "")}"]`;
  const more = `${target} [data-more]`;
  // A task with several tags has several cards, and this one is there until the move is drawn.
  const choices = [`${target} ${task}`, task, more];
  const find = () => {
    for (const choice of choices) {
      const found = places.querySelector<HTMLElement>(choice);
      if (found) return found;
    }
    return null;
  };
  followFocus((element) => element.closest(cards) !== null || element.matches(more), find);
}
