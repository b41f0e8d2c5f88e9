import { type Database, isOpen } from "@/lib/store/database";
import { uuidv7 } from "@/lib/uuid";
import { type StoredActs, undoStack } from "./undo-stack";

/** In the session storage, which survives a reload of its tab and no other's: the name of the tab. */
const tabKey = "taskwire.tab";
const prefix = "undo.";
/** What tabs have left that were closed. */
const longest = 86_400_000;
/** How long a tab waits for its page from before a reload to let go of its name, in milliseconds. */
const longestReload = 1000;
/** Acts on thousands of tasks are not stored: an act holds what it changed. */
const mostEffects = 2000;

interface Stored extends StoredActs {
  at: number;
}

/**
 * Keeps what this tab can undo across a reload, in the user's database: each act with the trace that finds its events. What
 * is stored is restored first.
 */
export function keepUndo(db: Database): { restored: Promise<void>; end: () => void } {
  let release = () => {};
  const key = ownName(new Promise<void>((resolve) => (release = resolve))).then((name) => prefix + name);
  let ended = false;
  let writing = false;
  let again = false;
  async function write() {
    again = true;
    if (writing) return;
    writing = true;
    while (again && !ended) {
      again = false;
      await key.then((own) => store(db, own)).catch(() => {}); // the database is closed, or there is no space: undo is lost with the tab
    }
    writing = false;
  }
  const restored = key
    .then((own) => read(db, own))
    .then(
      (stored) => {
        if (stored && !ended) undoStack.restore(stored);
      },
      () => {},
    );
  const off = undoStack.subscribe(() => void restored.then(write));
  const end = () => {
    ended = true;
    off();
    release();
  };
  return { restored, end };
}

/** What was stored for this tab. What other tabs stored is deleted when it is old. */
async function read(db: Database, own: string): Promise<Stored | undefined> {
  const stored = await db.get("meta", own);
  for (const key of await db.getAllKeys("meta", IDBKeyRange.bound(prefix, `${prefix}\uffff`))) {
    const other = (await db.get("meta", key)) as Stored | undefined;
    if (key !== own && other && Date.now() - other.at > longest) await db.delete("meta", key);
  }
  return stored as Stored | undefined;
}

async function store(db: Database, key: string) {
  const { done, undone } = undoStack.acts();
  const stored: Stored = { at: Date.now(), done: latest(done), undone: latest(undone) };
  const tx = db.transaction(["tasks", "meta"], "readwrite");
  // Nothing of a user stays when the session has ended.
  if (!(await isOpen(tx))) return;
  void tx.objectStore("meta").put(stored, key);
  await tx.done;
}

/** The latest acts, as many as may be stored. */
function latest(acts: StoredActs["done"]): StoredActs["done"] {
  let effects = 0;
  const fits = acts.findLastIndex((act) => {
    effects += act.steps.reduce((sum, step) => sum + step.effects.length, 0);
    return effects > mostEffects;
  });
  return acts.slice(fits + 1);
}

/** A name for this tab that no other has, held until a promise resolves: a browser copies the session storage of a tab that it duplicates. */
async function ownName(until: Promise<void>): Promise<string> {
  const name = tabName();
  if (await hold(name, until)) return name;
  const another = setTabName(uuidv7());
  await hold(another, until);
  return another;
}

/** Whether a name became free for this tab, which holds it then. */
function hold(name: string, until: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(longestReload);
    const held = () => {
      resolve(true);
      return until;
    };
    navigator.locks.request(`taskwire.tab.${name}`, { signal }, held).catch(() => resolve(false));
  });
}

function tabName(): string {
  try {
    return sessionStorage.getItem(tabKey) ?? setTabName(uuidv7());
  } catch {
    return uuidv7(); // the browser has no storage
  }
}

function setTabName(name: string): string {
  try {
    sessionStorage.setItem(tabKey, name);
  } catch {
    // Its acts end with the page.
  }
  return name;
}
