import { postponedTo } from "@/messages/moreActs";
import { startOfDay } from "@/lib/time/days";
import { dayInSentence } from "@/lib/time/moment";
import { complete, destroy, patchMany } from "./actions";
import { taskStore } from "./store";
import type { Swipe } from "./touch";
import { dueTime } from "./view/due";
import { movedTo } from "./view/due-choices";

/** Does what a swipe of a row means. Each act offers its undo. */
export function swiped(id: string, swipe: Swipe): void {
  const task = taskStore.get(id);
  if (!task) return;
  if (swipe === "complete") return complete([id], !task.completed);
  if (swipe === "delete") return destroy([id]);
  const now = Date.now();
  // The day after it is due, but never before tomorrow.
  const day = startOfDay(Math.max(dueTime(task) ?? now, now), 1);
  patchMany([id], (one) => movedTo(one, day), postponedTo({ day: dayInSentence(day, now) }));
}
