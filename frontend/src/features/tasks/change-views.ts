import * as words from "@/messages/savedViews";
import { uuidv7 } from "@/lib/uuid";
import { announce } from "./actions";
import type { Display } from "./list-memory";
import { putView } from "./put-view";
import { type SavedView, savedViews, type ViewFields } from "./saved-views";
import { type Act, undoStack } from "./undo-stack";

const fieldsOf = ({ name, query, layout, group_by, sort }: SavedView): ViewFields => ({
  ...{ name, query, layout, group_by, sort },
});

/** Saves a view, and returns its id. */
export function createView(fields: ViewFields): string {
  const id = uuidv7();
  act(words.added(fields), id, null, fields);
  return id;
}

/** Changes a view. Fields that equal those of `seen` were not edited, and keep their current values. */
export function changeView(id: string, change: Partial<ViewFields>, seen?: SavedView): void {
  const view = savedViews.get(id);
  if (!view) return;
  const before = fieldsOf(view);
  const fields = Object.keys(change) as (keyof ViewFields)[];
  const changed = fields.filter((field) => change[field] !== seen?.[field]);
  const after = { ...before, ...Object.fromEntries(changed.map((field) => [field, change[field]])) };
  if (JSON.stringify(before) !== JSON.stringify(after)) act(words.changed(view), id, before, after);
}

/** Changes how a view is shown. */
export function displayView(id: string, { sort, group, layout }: Display): void {
  changeView(id, {
    ...(sort === undefined ? {} : { sort }),
    ...(group === undefined ? {} : { group_by: group }),
    ...(layout === undefined ? {} : { layout: layout ?? "list" }),
  });
}

export function deleteView(id: string): void {
  const view = savedViews.get(id);
  if (!view) return;
  const done = act(words.deleted(view), id, fieldsOf(view), null);
  announce(words.viewDeleted(), view.name, done);
}

/** Changes a view so that it can be undone and redone with the other changes of this tab. */
function act(what: string, id: string, before: ViewFields | null, after: ViewFields | null): Act {
  putView(id, after);
  return undoStack.recordView(what, { id, before, after });
}
