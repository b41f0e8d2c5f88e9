import { sameName } from "../view/search";
import type { Label, Labels } from "./labels";

/** The sections of a project, in their order. */
export function sectionsOf({ project, section }: Labels, name: string | null): readonly Label[] {
  if (!name || section.length === 0) return [];
  const id = project.find((one) => sameName(one.name, name))?.id;
  return section.filter(({ project_id }) => project_id === id);
}
