import { session } from "@/lib/session/session";
import { Emitter } from "@/lib/store/emitter";
import { defaultSort, type Group, type Layout, type Sort, type TaskQuery } from "./view/query";

/** How a list is shown; what is missing is as usual. */
export interface Display {
  sort?: Sort | null;
  group?: Group | null;
  layout?: Layout | null;
  /** The ids of the sections whose tasks are hidden. */
  collapsed?: readonly string[];
}

const usual: Display = {};
const keyOf = () => `taskwire.lists.${session.getState().account?.id ?? ""}`;
const listOf = ({ view, project, tag }: TaskQuery) => JSON.stringify([view, project, tag]);

/**
 * How the user chose last to see each list that is no saved view, in this browser. Signing out deletes it, because it
 * names projects.
 */
export class ListMemory extends Emitter {
  #key = "";
  #lists: Record<string, Display> = {};
  /** Whether the browser has stored what this tab has written. */
  #stored = true;

  of = (query: TaskQuery): Display => this.#read()[listOf(query)] ?? usual;

  remember(query: TaskQuery, change: Display) {
    // Another tab may have written since.
    if (this.#stored) this.#key = "";
    const display = { ...this.of(query), ...change };
    if (display.sort === defaultSort[query.view]) delete display.sort;
    this.#lists = { ...this.#lists, [listOf(query)]: display };
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.#lists));
      this.#stored = true;
    } catch {
      // The browser has no storage: it is remembered until the page is closed.
      this.#stored = false;
    }
    this.emit();
  }

  #read(): Record<string, Display> {
    const key = keyOf();
    if (key === this.#key) return this.#lists;
    this.#key = key;
    try {
      this.#lists = JSON.parse(localStorage.getItem(key) ?? "{}") as Record<string, Display>;
    } catch {
      this.#lists = {};
    }
    return this.#lists;
  }
}

export const listMemory = new ListMemory();
