import type { Label } from "@/features/tasks/labels/labels";

export { keepLabels } from "@/features/tasks/labels/sync";

const at = "2026-12-01T12:00:00Z";

/** A label whose id and position are its name, except for the given fields. */
export const makeLabel = (name: string, fields: Partial<Label> = {}): Label => ({
  ...{
    id: name,
    name,
    color: null,
    position: name,
    archived: false,
    version: 1,
    created_at: at,
    updated_at: at,
  },
  ...fields,
});
