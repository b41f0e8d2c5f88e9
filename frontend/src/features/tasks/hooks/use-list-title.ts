import { viewLabel } from "@/features/shell";
import type { TaskQuery } from "../view/query";
import { useSavedView } from "./use-saved-views";

/** What a list is called. */
export function useListTitle({ saved, project, tag, view }: TaskQuery): string {
  return useSavedView(saved)?.name ?? project ?? tag ?? viewLabel(view);
}
