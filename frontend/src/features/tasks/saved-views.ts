import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { live } from "@/lib/live/live";
import { Emitter } from "@/lib/store/emitter";

export type SavedView = Schema["View"];

/** What a user decides of a view. */
export type ViewFields = Omit<SavedView, "id" | "created_at" | "updated_at">;

interface Expected {
  id: string;
  /** Without a view, it will be deleted. */
  view: SavedView | null;
}

const keyOf = (userId: string) => `taskwire.views.${userId}`;

/** The user's saved views: a copy in this browser, read again from the server and updated by the stream. */
class SavedViews extends Emitter {
  /** In the order in which they were made, as they will be when the server has made the user's changes. */
  list: readonly SavedView[] = [];
  #atServer: readonly SavedView[] = [];
  /** The changes without a response, oldest first. */
  #expected: readonly Expected[] = [];
  /** Whether the list is the server's, at least as of an earlier visit. */
  loaded = false;
  #userId = "";
  #off: (() => void)[] = [];

  getList = () => this.list;
  getLoaded = () => this.loaded;
  get = (id: string | null) => this.list.find((view) => view.id === id);

  start(userId: string) {
    this.stop();
    this.#userId = userId;
    try {
      const kept = localStorage.getItem(keyOf(userId));
      if (kept) this.#set(JSON.parse(kept) as SavedView[]);
    } catch {
      // The browser has no storage, or nothing that can be read.
    }
    this.#off = [
      live.on("sync.view-changed", ({ view_id, view }) => this.put(view_id, view)),
      live.on("sync.reset", () => void this.#load()),
    ];
    void this.#load();
  }

  stop() {
    for (const off of this.#off) off();
    this.#off = [];
    this.#userId = "";
    this.#atServer = this.#expected = this.list = [];
    this.loaded = false;
    this.emit();
  }

  /** Replaces a view by what the server has, or removes it. */
  put(id: string, view: SavedView | null) {
    this.#set(replaced(this.#atServer, { id, view }));
  }

  /** Shows a change until the returned function is called, when the server has answered. */
  expect(change: Expected): () => void {
    this.#expected = [...this.#expected, change];
    this.#show();
    return () => {
      this.#expected = this.#expected.filter((other) => other !== change);
      this.#show();
    };
  }

  #set(list: readonly SavedView[]) {
    this.#atServer = list;
    this.loaded = true;
    try {
      localStorage.setItem(keyOf(this.#userId), JSON.stringify(list));
    } catch {
      // It is read from the server at the next visit.
    }
    this.#show();
  }

  #show() {
    this.list = this.#expected.reduce(replaced, this.#atServer);
    this.emit();
  }

  async #load() {
    const userId = this.#userId;
    for (let wait = 1000; userId && this.#userId === userId; wait = Math.min(wait * 2, 30_000)) {
      const before = this.#atServer;
      try {
        const { items } = await api.get<Schema["ViewList"]>("/api/views");
        if (this.#userId !== userId) return;
        // What has changed meanwhile is newer than the response, which may be without it.
        if (this.#atServer === before) return this.#set(items);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }
}

function replaced(list: readonly SavedView[], { id, view }: Expected): readonly SavedView[] {
  const others = list.filter((other) => other.id !== id);
  return view ? [...others, view].sort((a, b) => (a.created_at < b.created_at ? -1 : 1)) : others;
}

export const savedViews = new SavedViews();
