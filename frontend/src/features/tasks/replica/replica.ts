import { Problem } from "@/lib/api/problem";
import { live } from "@/lib/live/live";
import type { LiveEvents } from "@/lib/live/events";
import { epochOf, isBehind, seqOf } from "@/lib/live/position";
import type { Task } from "../task";
import { type AnyLabelKind, relabeled } from "../labels/relabel";
import { loadTasks } from "./load";
import type { ReplicaStorage } from "./storage";

type TaskChanged = LiveEvents["sync.task-changed"];
type LabelChanged = Pick<LiveEvents["sync.project-changed"], "seq" | "timestamp" | "relabels">;

/**
 * The tasks as last received from the server: stored in the browser, updated by the stream, and reloaded only if there
 * is no position to resume from.
 */
export class Replica {
  readonly tasks = new Map<string, Task>();
  /** Whether there is something to show: stored tasks, or a first page. */
  loaded = false;
  /** Whether it is complete, as of the position of the stream. */
  complete = false;
  /** How often it was reloaded: each time without what was learned beyond the tasks that are stored. */
  reloads = 0;

  /** The changes since a load began, by task: they are newer than the pages. Null is a deletion. */
  #sinceLoad: Map<string, Task | null> | null = null;
  /** The changes since this tab opened or missed a reload, until it has read the tasks that another tab stored after that. */
  #recent: { seq: number; id: string; apply: () => void }[] | null = [];
  /** Whether everything was to be reloaded, and the tab with the stream has not stored it yet. */
  #missedReload = false;
  /** The versions at which tasks were deleted: a late response must not restore them. */
  #dropped = new Map<string, number>();
  /** The position at which the browser's database is complete. */
  #storedAt: string | null = null;
  #load: AbortController | null = null;
  #loading: Promise<void> = Promise.resolve();
  #off: (() => void)[] = [];
  #stopped = false;

  constructor(
    private readonly userId: string,
    private readonly storage: ReplicaStorage,
    /** Called after each change. */
    private readonly changed: () => void,
  ) {}

  async start() {
    const stored = await this.storage.read().catch(() => null);
    if (this.#stopped) return;
    if (stored) this.#take(stored.tasks);
    this.#storedAt = stored?.position ?? null;
    this.#off = [
      live.on("sync.task-changed", (data, id) => this.#onTaskChanged(data, id)),
      live.on("sync.project-changed", (data, id) => this.#onLabelChanged("project", data, id)),
      live.on("sync.section-changed", (data, id) => this.#onLabelChanged("section", data, id)),
      live.on("sync.tag-changed", (data, id) => this.#onLabelChanged("tag", data, id)),
      live.on("sync.reset", () => void this.reload()),
      live.on("hello", () => this.#onHello()),
      live.subscribe(() => this.#onStatus()),
    ];
    live.start(this.userId, stored?.position ?? null, {
      keep: () => this.#keep(),
      reread: (position) => void this.#reread(position),
      lead: () => this.#lead(),
    });
    window.addEventListener("pagehide", this.#flush);
  }

  #flush = () => void this.storage.flush();

  #onHello() {
    if (live.leading) void (this.complete || this.reload());
    // The tab that was asked at first may have been closed before it answered.
    else if (this.#recent) live.join();
  }

  /** The server may refuse the stream for long, but serve the tasks: without stored ones there would be nothing to show. */
  #onStatus() {
    if (live.status === "reconnecting" && !this.loaded) void this.#startLoad();
  }

  async #keep(): Promise<string | null> {
    await this.#loading;
    const position = live.position;
    if (!this.complete || position === null) return null;
    if (this.storage.failed) await this.storage.replace(this.tasks.values(), position);
    else await this.storage.flush(position);
    return position;
  }

  #lead() {
    const missed = this.#recent;
    this.#recent = null;
    // The tab that had the stream may have been closed while it reloaded everything.
    if (this.#missedReload) return void this.reload();
    if (!this.complete) return;
    // There may be a gap between the tasks that this tab read and the first event that it received: the stream repeats what is in it.
    if (missed) return void (live.position = this.#storedAt);
    // The tab that had the stream may not have written its last events.
    const position = live.position;
    if (position === null || position === this.#storedAt) return;
    this.#storedAt = position;
    void this.storage.replace(this.tasks.values(), position);
  }

  stop() {
    this.#stopped = true;
    this.#load?.abort();
    this.#off.forEach((off) => off());
    window.removeEventListener("pagehide", this.#flush);
    live.stop();
  }

  /** Applies the result of a response; the stream delivers it too, sooner or later. */
  accept(tasks: readonly Task[], gone: readonly string[] = []) {
    for (const task of tasks) this.#put(task);
    for (const id of gone) this.#drop(id);
    this.changed();
  }

  /**
   * Reloads everything from the server, while the current tasks stay visible. Only the tab with the stream does this; the others
   * read what it has stored then.
   */
  reload(): Promise<void> {
    if (live.leading || !this.storage.available) return this.#startLoad();
    this.#endLoad();
    this.#missedReload = true;
    this.#recent = [];
    return Promise.resolve();
  }

  #startLoad(): Promise<void> {
    this.#endLoad();
    // The pages have what this tab missed, and it receives what comes after them, if there is a stream.
    if (live.position !== null) this.#recent = null;
    this.#missedReload = false;
    this.#storedAt = null;
    const load = (this.#load = new AbortController());
    this.#loading = this.#untilLoaded(load.signal);
    return this.#loading;
  }

  #endLoad() {
    this.#load?.abort();
    this.#sinceLoad = null;
  }

  async #untilLoaded(signal: AbortSignal) {
    for (let wait = 1000; !signal.aborted && !this.#stopped; wait = Math.min(wait * 2, 15_000)) {
      try {
        return await this.#loadAll(signal);
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return; // signed out
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  async #loadAll(signal: AbortSignal) {
    this.complete = false;
    // Without a position, the changes between these pages and the first event are unknown: its hello reloads.
    const complete = live.position !== null;
    const since = (this.#sinceLoad = new Map<string, Task | null>());
    const seen = new Set<string>();
    let shown = performance.now();
    for await (const page of loadTasks(signal)) {
      if (signal.aborted) return;
      for (const task of page) {
        seen.add(task.id);
        const changed = since.get(task.id);
        if (changed === undefined || (changed && changed.version < task.version))
          this.tasks.set(task.id, task);
      }
      // Show the first page at once, and do not rerender for each of the others.
      if (!this.loaded || performance.now() - shown > 250) {
        shown = performance.now();
        this.loaded = true;
        this.changed();
      }
    }
    for (const id of this.tasks.keys()) if (!seen.has(id) && !since.get(id)) this.tasks.delete(id);
    this.#sinceLoad = null;
    this.loaded = true;
    this.complete = complete;
    this.reloads++;
    this.changed();
    const position = live.position;
    if (!live.leading || position === null || !complete) return;
    await this.storage.replace(this.tasks.values(), position);
    live.announceStored(position);
  }

  /**
   * The tab with the stream knows everything up to a position: reads what this tab missed before it opened. What that one could not
   * store is loaded from the server.
   */
  async #reread(position: string | null) {
    if (live.leading || position === null) return;
    const missed = this.#recent;
    if (missed === null && !isBehind(live.position, position)) return;
    const stored = await this.storage.read().catch(() => null);
    if (this.#stopped || live.leading || this.#recent !== missed) return;
    if (!stored || isBehind(stored.position, position)) {
      if (isBehind(live.position, position)) live.position = position;
      return void this.#startLoad();
    }
    this.#endLoad();
    this.tasks.clear();
    this.reloads++;
    this.#take(stored.tasks);
    const [epoch, seq] = [epochOf(stored.position), seqOf(stored.position)];
    for (const event of missed ?? []) if (epochOf(event.id) === epoch && event.seq > seq) event.apply();
    if (isBehind(live.position, stored.position)) live.position = stored.position;
    this.#storedAt = stored.position;
    this.#recent = null;
    this.#missedReload = false;
    this.changed();
  }

  #take(tasks: readonly Task[]) {
    for (const task of tasks) this.tasks.set(task.id, task);
    this.loaded = this.complete = true;
    this.changed();
  }

  #onTaskChanged(data: TaskChanged, id: string) {
    this.#remember(data.seq, id, () => this.#apply(data));
    if (live.leading && this.complete) this.storage.note(data.task_id, data.task, id);
    this.#apply(data);
    this.changed();
  }

  #remember(seq: number, id: string, apply: () => void) {
    this.#recent?.push({ seq, id, apply });
    if (this.#recent && this.#recent.length > 1000) this.#recent.shift();
  }

  /** A project, a section or a tag was renamed, merged or deleted: one event changes all its tasks. */
  #onLabelChanged(kind: AnyLabelKind, data: LabelChanged, id: string) {
    if (data.relabels.length === 0) return;
    // The tasks are left out where they are many, and a page that is under way may be from before the change.
    if (data.relabels.some(({ tasks }) => tasks === null)) return void this.reload();
    if (this.#sinceLoad) return void this.#startLoad();
    this.#remember(data.seq, id, () => void this.#relabel(kind, data));
    const changed = this.#relabel(kind, data);
    if (live.leading && this.complete) for (const task of changed) this.storage.note(task.id, task, id);
    this.changed();
  }

  #relabel(kind: AnyLabelKind, { relabels, timestamp }: LabelChanged): Task[] {
    return relabels.flatMap((relabel) =>
      (relabel.tasks ?? []).flatMap((id) => {
        const task = this.tasks.get(id);
        const after = task && relabeled(task, kind, relabel, timestamp);
        if (!after) return [];
        this.tasks.set(id, after);
        return [after];
      }),
    );
  }

  #apply({ task_id, task }: TaskChanged) {
    if (task) this.#put(task);
    else this.#drop(task_id);
  }

  /**
   * Stores a task unless a newer version is known: responses and events can overtake each other. During a load, what was known
   * before it does not count: after a restore of a backup, the server has lower versions.
   */
  #put(task: Task) {
    const held = (this.#sinceLoad ?? this.tasks).get(task.id);
    const known = held?.version ?? this.#dropped.get(task.id);
    if (known !== undefined && known >= task.version) return;
    this.tasks.set(task.id, task);
    this.#sinceLoad?.set(task.id, task);
  }

  #drop(id: string) {
    const held = this.tasks.get(id);
    if (held) this.#dropped.set(id, held.version);
    this.tasks.delete(id);
    this.#sinceLoad?.set(id, null);
  }
}
