import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import type { Task } from "@/features/tasks/task";
import type { Op } from "@/features/tasks/outbox/op";

/** What the browser keeps of a user: the tasks as the server last told them, and the changes it was not told yet. */
export interface Schema extends DBSchema {
  tasks: { key: string; value: Task };
  meta: { key: string; value: unknown };
  outbox: { key: number; value: Op };
}

export type Database = IDBPDatabase<Schema>;

const version = 1;
const nameOf = (userId: string) => `taskwire.${userId}`;

/** Opens the user's database; null where the browser allows none, such as in some private windows. */
export async function openDatabase(userId: string): Promise<Database | null> {
  try {
    return await openDB<Schema>(nameOf(userId), version, {
      upgrade(db) {
        db.createObjectStore("tasks", { keyPath: "id" });
        db.createObjectStore("meta");
        db.createObjectStore("outbox", { keyPath: "order", autoIncrement: true });
      },
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
      },
    });
  } catch {
    return null;
  }
}

/** Forgets everything of a user. Tabs that have it open close it. */
export async function deleteDatabase(userId: string): Promise<void> {
  try {
    await deleteDB(nameOf(userId));
  } catch {
    // There was none.
  }
}
