import * as words from "@/messages/moreActs";
import { startOfDay } from "@/lib/time/days";
import { patchMany } from "./actions";
import type { DropTarget } from "./drop-target";
import { movedTo } from "./view/due-choices";

/** Moves tasks to a project or a day, or gives them a tag. */
export function dropInto(ids: readonly string[], value: string): void {
  const target = JSON.parse(value) as DropTarget;
  if ("project" in target) {
    patchMany(ids, { project: target.project }, words.movedTo({ project: target.project }));
  } else if ("tag" in target) {
    const { tag } = target;
    patchMany(ids, ({ tags }) => ({ tags: [...tags, tag] }), words.tagged({ tag }));
  } else {
    const day = startOfDay(Date.now(), target.inDays);
    patchMany(
      ids,
      (task) => movedTo(task, day),
      target.inDays === 0 ? words.movedToToday() : words.movedToTomorrow(),
    );
  }
}
