import { Unreachable } from "@/lib/api/problem";
import { sameName } from "../view/search";
import { createLabel } from "./actions";
import { labelStore } from "./labels";

/** Adds a section at the end of a project. Throws Problem or Unreachable. */
export async function createSection(project: string, name: string): Promise<void> {
  const of = labelStore.labels.project.find((one) => sameName(one.name, project));
  // The project is only in tasks that the server does not have yet.
  if (!of) throw new Unreachable(null);
  await createLabel("section", { name, project_id: of.id });
}
