/** A subscribable source of changes for React. */
export class Emitter {
  #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  protected emit() {
    for (const listener of [...this.#listeners]) listener();
  }
}
