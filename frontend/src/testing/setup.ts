import "@testing-library/jest-dom/vitest";
import "fake-indexeddb/auto";
import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll } from "vitest";
import { server } from "./server";

// Like testTimeout in vitest.config.ts.
configure({ asyncUtilTimeout: 30_000 });

/** One lock per name at a time: the part of navigator.locks that jsdom lacks and the tests need. */
class Locks {
  #tails = new Map<string, Promise<unknown>>();
  #held: string[] = [];

  request<T>(name: string, ...rest: unknown[]): Promise<T> {
    const { signal } = (rest.length > 1 ? rest[0] : {}) as LockOptions;
    let begun = false;
    const work = async () => {
      signal?.throwIfAborted();
      begun = true;
      this.#held.push(name);
      try {
        return await (rest.at(-1) as () => Promise<T>)();
      } finally {
        this.#held = this.#held.filter((one) => one !== name);
      }
    };
    const before = this.#tails.get(name) ?? Promise.resolve();
    const run = before.then(work, work);
    this.#tails.set(
      name,
      run.catch(() => {}),
    );
    return new Promise((resolve, reject) => {
      run.then(resolve, reject);
      signal?.addEventListener("abort", () => begun || reject(signal.reason as Error));
    });
  }

  query = () => Promise.resolve({ held: this.#held.map((name) => ({ name })) });
}

Object.defineProperty(navigator, "locks", { value: new Locks(), configurable: true });

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
});
afterAll(() => server.close());
