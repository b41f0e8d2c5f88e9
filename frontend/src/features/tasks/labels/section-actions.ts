import { api } from "@/lib/api/client";
import type { Schema } from "@/lib/api/schema";
import { notify } from "@/lib/notify";
import * as words from "@/messages/sections";
import { between } from "../changes";
import { sameName } from "../view/search";
import { change, reasonOf } from "./actions";
import { type Label, labelStore } from "./labels";

type Section = Schema["Section"];

const pathOf = ({ id }: Label) => `/api/sections/${encodeURIComponent(id)}`;

/** Adds a section at the end of a project. Throws Problem or Unreachable. */
export async function createSection(project: string, name: string): Promise<void> {
  const of = labelStore.labels.project.find((one) => sameName(one.name, project));
  const made = await change(
    words.addedAct({ section: name }),
    words.added({ section: name }),
    (traceparent) => api.post<Section>("/api/sections", { name, project_id: of?.id }, { traceparent }),
  );
  labelStore.put("section", made);
}

/** Gives a section another name, and with that its tasks. Throws Problem or Unreachable. */
export async function renameSection(section: Label, name: string): Promise<void> {
  const said = words.renamed({ from: section.name, to: name });
  await update(section, { name }, words.renamedAct({ section: section.name }), said);
}

/** Moves a section before the one at an index of its project's others. */
export function moveSection(section: Label, list: readonly Label[], to: number): void {
  const others = list.filter(({ id }) => id !== section.id);
  const position = between(others[to - 1]?.position ?? null, others[to]?.position ?? null);
  const { name } = section;
  trying(update(section, { position }, words.movedAct({ section: name }), words.moved({ section: name })));
}

async function update(
  section: Label,
  patch: { name: string } | { position: string },
  what: string,
  said: string,
) {
  const changed = await change(what, said, (traceparent) =>
    api.patch<Section>(pathOf(section), patch, { traceparent }),
  );
  labelStore.put("section", changed);
}

/** Deletes a section; its tasks stay in the project. */
export function deleteSection(section: Label): void {
  const { name } = section;
  const deletion = change(
    words.deletedAct({ section: name }),
    words.deleted({ section: name }),
    (traceparent) => api.delete(pathOf(section), { traceparent }),
  );
  trying(deletion.then(() => labelStore.drop("section", section.id)));
}

function trying(change: Promise<void>) {
  change.catch((error: unknown) =>
    notify((toast) => toast.error(words.failed(), { description: reasonOf(error) })),
  );
}
