import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { Schema } from "@/lib/api/schema";

/** What the browser keeps of a user: the tasks as the server last told them, and the changes it was not told yet. */
export interface Stores extends DBSchema {
  tasks: { key: string; value: Schema["Task"] };
  meta: { key: string; value: unknown };
  /** What a change is the tasks feature knows. */
  outbox: { key: number; value: unknown };
}

export type Database = IDBPDatabase<Stores>;

const version = 1;
const prefix = "taskwire.";
const nameOf = (userId: string) => prefix + userId;
/** In `meta` while somebody may write tasks: gone once the session has ended, whatever a tab is still about to write. */
const openKey = "open";

function open(userId: string): Promise<Database> {
  return openDB<Stores>(nameOf(userId), version, {
    upgrade(db) {
      db.createObjectStore("tasks", { keyPath: "id" });
      db.createObjectStore("meta");
      db.createObjectStore("outbox", { keyPath: "order", autoIncrement: true });
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
    },
  });
}

/** Opens the user's database; null where the browser allows none, such as in some private windows. */
export async function openDatabase(userId: string): Promise<Database | null> {
  try {
    const db = await open(userId);
    await db.put("meta", true, openKey);
    return db;
  } catch {
    return null;
  }
}

/** Whether tasks may be written: asked in the transaction that writes them. */
export async function isOpen(tx: TasksTransaction): Promise<boolean> {
  return (await tx.objectStore("meta").get(openKey)) === true;
}

export type TasksTransaction = IDBPTransaction<Stores, ["tasks", "meta"], "readwrite">;

/**
 * Forgets the tasks of a user whose session has ended. Changes that were typed and not sent yet are not lost by that:
 * they stay in the user's own database, which nobody else's session opens, and are sent when the user is back.
 */
export async function forgetTasks(userId: string): Promise<void> {
  try {
    const db = await open(userId);
    const tx = db.transaction(["tasks", "meta", "outbox"], "readwrite");
    void tx.objectStore("tasks").clear();
    void tx.objectStore("meta").clear();
    const unsent = await tx.objectStore("outbox").count();
    await tx.done;
    db.close();
    if (unsent === 0) await deleteDatabase(userId);
  } catch {
    // The browser keeps nothing.
  }
}

/** Whose databases there are; where a browser does not tell, nobody's. */
async function users(): Promise<string[]> {
  const all = (await indexedDB.databases?.().catch(() => [])) ?? [];
  return all.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : []));
}

/** Forgets the tasks of all but the signed-in user: of sessions whose end no tab saw, or did not finish. */
export async function forgetOthers(signedIn: () => string | undefined): Promise<void> {
  for (const other of await users()) if (other !== signedIn()) await forgetTasks(other);
}

/** Whether somebody's changes wait for their owner to sign in again. */
export async function hasUnsent(): Promise<boolean> {
  for (const userId of await users()) {
    const db = await open(userId).catch(() => null);
    const unsent = (await db?.count("outbox")) ?? 0;
    db?.close();
    if (unsent > 0) return true;
  }
  return false;
}

/** Forgets everything of a user. Tabs that have it open close it. */
export async function deleteDatabase(userId: string): Promise<void> {
  try {
    await deleteDB(nameOf(userId));
  } catch {
    // There was none.
  }
}
