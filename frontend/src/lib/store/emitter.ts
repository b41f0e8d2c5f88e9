/** Something that React can subscribe to. */
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
