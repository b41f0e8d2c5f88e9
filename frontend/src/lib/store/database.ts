import {
  type DBSchema,
  deleteDB,
  type IDBPDatabase,
  type IDBPTransaction,
  openDB,
  type OpenDBCallbacks,
} from "idb";
import type { Schema } from "@/lib/api/schema";

/** The browser's data of a user: the tasks last received from the server, and the changes that are not saved there. */
export interface Stores extends DBSchema {
  tasks: { key: string; value: Schema["Task"] };
  meta: { key: string; value: unknown };
  /** Only the tasks feature knows the type of a change. */
  outbox: { key: number; value: unknown };
  /** Changes that the server refused, by their key: what the user typed is kept until the user decides. */
  unsaved: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Stores>;

const version = 2;
const prefix = "taskwire.";
const nameOf = (userId: string) => prefix + userId;
const draftKinds = ["comment", "subtask", "section", "task"] as const;
/** What a text that the user has not sent yet will be: a comment on a task, a subtask of one, a task of a section, or another task. */
export type DraftKind = (typeof draftKinds)[number];
/** Where such a text is kept in this browser; `of` is the id of the task or the section, or "new". */
export const draftKey = (kind: DraftKind, of: string, userId: string) => `${prefix}${kind}.${of}.${userId}`;
const isDraft = (key: string) => draftKinds.some((kind) => key.startsWith(`${prefix}${kind}.`));
/** In `meta` while tasks may be written: removed when the session ends, even if a tab still has pending writes. */
const openKey = "open";

type Upgrade = NonNullable<OpenDBCallbacks<Stores>["upgrade"]>;

const openWith = (userId: string, upgrade: Upgrade): Promise<Database> =>
  openDB<Stores>(nameOf(userId), version, {
    upgrade,
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
    },
  });

const open = (userId: string) => openWith(userId, createStores);

/**
 * Opens the user's database if there is one; otherwise null. A tab that lists databases while another one deletes them
 * would create an empty one again with `open`.
 */
const openExisting = (userId: string): Promise<Database | null> =>
  openWith(userId, (db, from, _to, tx) => {
    if (from > 0) return createStores(db, from);
    tx.done.catch(() => {}); // the caller gets the same error
    tx.abort();
  }).catch(() => null);

function createStores(db: Database, from: number) {
  if (from < 1) {
    db.createObjectStore("tasks", { keyPath: "id" });
    db.createObjectStore("meta");
    db.createObjectStore("outbox", { keyPath: "order", autoIncrement: true });
  }
  db.createObjectStore("unsaved");
}

/** Opens the user's database; null if the browser allows none, as in some private windows. */
export async function openDatabase(userId: string): Promise<Database | null> {
  try {
    const db = await open(userId);
    await db.put("meta", true, openKey);
    return db;
  } catch {
    return null;
  }
}

/** Whether tasks may be written: checked in the transaction that writes them. */
export async function isOpen(tx: TasksTransaction): Promise<boolean> {
  return (await tx.objectStore("meta").get(openKey)) === true;
}

export type TasksTransaction = IDBPTransaction<Stores, ["tasks", "meta"], "readwrite">;

/**
 * Deletes the tasks of a user whose session has ended. Unsent and refused changes are kept: they stay in the user's own
 * database, which no other user's session opens, and are sent or shown when the user signs in again. So are drafts.
 */
export async function forgetTasks(userId: string): Promise<void> {
  try {
    forgetChoices(userId, (key) => !isDraft(key));
    const db = await openExisting(userId);
    if (!db) return;
    const tx = db.transaction(["tasks", "meta", "outbox", "unsaved"], "readwrite");
    void tx.objectStore("tasks").clear();
    void tx.objectStore("meta").clear();
    const unsent = (await tx.objectStore("outbox").count()) + (await tx.objectStore("unsaved").count());
    await tx.done;
    db.close();
    if (unsent === 0) await deleteDB(nameOf(userId));
  } catch {
    // The browser has no storage.
  }
}

/** The users with a database; none if the browser cannot list databases. */
async function users(): Promise<string[]> {
  const all = (await indexedDB.databases?.().catch(() => [])) ?? [];
  return all.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : []));
}

/**
 * Deletes the tasks of all users except the signed-in one: of sessions whose end no tab noticed or finished handling.
 */
export async function forgetOthers(signedIn: () => string | undefined): Promise<void> {
  for (const other of await users()) if (other !== signedIn()) await forgetTasks(other);
}

/** Whether unsent changes wait for their owner to sign in again. */
export async function hasUnsent(): Promise<boolean> {
  for (const userId of await users()) {
    const db = await openExisting(userId);
    const unsent = (await db?.count("outbox")) ?? 0;
    db?.close();
    if (unsent > 0) return true;
  }
  return false;
}

/** Deletes what is kept of a user outside the database, such as the sort of each list. */
function forgetChoices(userId: string, forgotten: (key: string) => boolean) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(prefix) && key.endsWith(`.${userId}`) && forgotten(key)) localStorage.removeItem(key);
  }
}

/** Deletes all data of a user. Tabs that have it open close it. */
export async function deleteDatabase(userId: string): Promise<void> {
  try {
    forgetChoices(userId, () => true);
    await deleteDB(nameOf(userId));
  } catch {
    // It did not exist.
  }
}
