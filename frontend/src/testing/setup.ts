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

  request<T>(name: string, ...rest: unknown[]): Promise<T> {
    const work = rest.at(-1) as () => Promise<T>;
    const before = this.#tails.get(name) ?? Promise.resolve();
    const run = before.then(work, work);
    this.#tails.set(
      name,
      run.catch(() => {}),
    );
    return run;
  }
}

Object.defineProperty(navigator, "locks", { value: new Locks(), configurable: true });

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
});
afterAll(() => server.close());
