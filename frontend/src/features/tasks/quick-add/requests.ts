/** What becomes of the text that the input has now. */
type Listener = (change: (text: string) => string) => void;

let listener: Listener | null = null;
let waiting: Parameters<Listener>[0] | null = null;

/** Focuses the input for new tasks, with a text to begin with unless something is typed there already. */
export const beginTask = (suggested = "") => request((text) => text || suggested);

/** Focuses the input for new tasks, with a text after what is typed there. */
export const continueTask = (more: string) => request((text) => (text ? `${text} ${more}` : more));

/** Without an input on the page, the next one gets the request. */
function request(change: Parameters<Listener>[0]): void {
  if (listener) listener(change);
  else waiting = change;
}

/** The input that gets the requests, from now on. */
export function onBeginTask(next: Listener): () => void {
  listener = next;
  if (waiting !== null) next(waiting);
  waiting = null;
  return () => {
    if (listener === next) listener = null;
  };
}
