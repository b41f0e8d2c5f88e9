type Listener = (text: string) => void;

let listener: Listener | null = null;
let waiting: string | null = null;

/** Focuses the input for new tasks, with a text to begin with. Without an input on the page, the next one gets it. */
export function beginTask(text = ""): void {
  if (listener) listener(text);
  else waiting = text;
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
