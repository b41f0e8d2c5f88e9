import { address } from "@/lib/address";
import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { live } from "@/lib/live/live";
import { type Database, isOpen } from "@/lib/store/database";
import { parseTaskQuery, taskHref } from "../view/query";
import { hasName } from "../view/search";
import { type Label, type Labels, labelStore, noLabels } from "./labels";
import type { AnyLabelKind, LabelKind } from "./relabel";
import { sectionsOf } from "./sections";

const paths = { project: "/api/projects", section: "/api/sections", tag: "/api/tags" };
const storedKey = "labels";

/** Loads the projects and tags, keeps them as other devices change them, and stores them for a start without network. */
export function keepLabels(db: Database | null): () => void {
  const stop = new AbortController();
  let loading = false;
  let again = false;

  const load = async () => {
    if (loading) return void (again = true);
    loading = true;
    do {
      again = false;
      try {
        const kinds = ["project", "section", "tag"] as const;
        const [project = [], section = [], tag = []] = await Promise.all(
          kinds.map((kind) => all(kind, stop.signal)),
        );
        if (!again && !stop.signal.aborted) labelStore.replace({ project, section, tag });
      } catch {
        // The next connection loads them. Until then there are none but those that are stored.
        await restored;
        if (labelStore.labels === noLabels && !stop.signal.aborted) labelStore.replace({ ...noLabels });
      }
    } while (again && !stop.signal.aborted);
    loading = false;
  };

  const restored = restore(db).then((stored) => {
    if (stored && labelStore.labels === noLabels && !stop.signal.aborted) labelStore.replace(stored);
  });
  const changed = (kind: AnyLabelKind, label: Label, deleted: boolean) => {
    if (loading) again = true;
    if (deleted) labelStore.drop(kind, label.id);
    else labelStore.put(kind, label);
  };
  const offs = [
    live.on("sync.project-changed", ({ project, change_type, relabels }) => {
      changed("project", project, change_type === "deleted");
      // What becomes of its sections is not in the event.
      if (change_type !== "updated") void load();
      follow("project", relabels);
    }),
    live.on("sync.section-changed", ({ section, change_type }) =>
      changed("section", section, change_type === "deleted"),
    ),
    live.on("sync.tag-changed", ({ tag, change_type, relabels }) => {
      changed("tag", tag, change_type === "deleted");
      follow("tag", relabels);
    }),
    live.on("sync.task-changed", ({ task }) => {
      // A task that is written with a new name makes it exist.
      const { project, tag } = labelStore.labels;
      const isNew = (known: readonly Label[], name: string) =>
        !hasName(
          known.map((one) => one.name),
          name,
        );
      if (
        task &&
        ((task.project && isNew(project, task.project)) ||
          (task.section && isNew(sectionsOf(labelStore.labels, task.project), task.section)) ||
          task.tags.some((one) => isNew(tag, one)))
      )
        void load();
    }),
    live.on("hello", () => void load()),
    live.on("sync.reset", () => void load()),
    labelStore.subscribe(() => void store(db, labelStore.labels)),
  ];
  void load();
  return () => {
    stop.abort();
    offs.forEach((off) => off());
    labelStore.replace(noLabels);
  };
}

async function all(kind: AnyLabelKind, signal: AbortSignal): Promise<Label[]> {
  const found: Label[] = [];
  let cursor: string | null = null;
  do {
    const page: Schema["LabelPage"] = await api.get(paths[kind], { query: { limit: 200, cursor }, signal });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

/** The list of a project or a tag that got another name, or none, is another list. */
function follow(kind: LabelKind, relabels: Schema["Relabel"][]) {
  const query = parseTaskQuery(address.current());
  const renamed = relabels.find(({ from }) => from !== null && from === query[kind]);
  if (!renamed || location.pathname !== "/") return;
  address.go(taskHref({ ...query, [kind]: renamed.to, view: query.view }), "replace");
}

async function restore(db: Database | null): Promise<Labels | null> {
  const stored = await db?.get("meta", storedKey).catch(() => null);
  return stored ? { ...noLabels, ...(stored as Partial<Labels>) } : null; // from before there were sections
}

async function store(db: Database | null, labels: Labels): Promise<void> {
  if (!db) return;
  try {
    const tx = db.transaction(["tasks", "meta"], "readwrite");
    if (await isOpen(tx)) void tx.objectStore("meta").put(labels, storedKey);
    await tx.done;
  } catch {
    // Without storage they are loaded at the next start.
  }
}
