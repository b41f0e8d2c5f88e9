import { toast } from "sonner";
import { redo as redoWord, undo as undoWord } from "@/messages/common";
import * as words from "@/messages/undo";
import { live } from "@/lib/live/live";
import type { HistoryEvent } from "./api/get-task-history";
import { reversed } from "./outbox/effects";
import { putView } from "./put-view";
import { taskStore } from "./store";
import { type Act, stepOf, toastOf, undoStack, undoToast } from "./undo-stack";
import { describeAct } from "./view/describe-act";
import { effectOfEvent } from "./view/effect-of-event";

/** Undoes a certain act, or what the user did last in this tab: by default now, or when so many acts were recorded. */
export async function undo(act?: Act, recorded?: number): Promise<void> {
  const done = undoStack.takeDone(act, recorded);
  if (!done) return void (act ? toast.dismiss(undoToast) : toast(words.nothingToUndo()));
  toast.dismiss(toastOf(done));
  // A change whose request fails leaves nothing to undo; its error is shown where it was made.
  const outcome = undoStack.outcomeOf(done);
  if (outcome && !(await outcome)) return;
  const what = describeAct(done);
  const undone = revert(done);
  undoStack.putUndone(undone);
  announce(words.undone({ what }), redoWord(), () => redo(undone));
}

/** Does again what was undone last. */
export function redo(act?: Act): void {
  const undone = undoStack.takeUndone(act);
  if (!undone) return void (act ? toast.dismiss(undoToast) : toast(words.nothingToRedo()));
  const what = describeAct(undone);
  const done = revert(undone);
  undoStack.putDone(done);
  announce(words.redone({ what }), undoWord(), () => undo(done));
}

/** Undoes an event from the history of a task. */
export function undoEvent(event: HistoryEvent, what: string): void {
  const effect = effectOfEvent(event);
  const act = undoStack.together(() =>
    taskStore.change({ kind: "undo", id: event.task_id, event: { id: event.id }, effects: [effect] }),
  );
  announce(words.undone({ what }), redoWord(), () => act && undo(act));
}

/** Takes back the steps of an act, the last one first. */
function revert(act: Act): Act {
  if (act.view) {
    const { id, before, after } = act.view;
    putView(id, before);
    return { ...act, view: { id, before: after, after: before } };
  }
  const changes = act.steps.toReversed().map(({ id, trace, effects, comment }) => ({
    ...{ kind: "undo" as const, id, event: { trace }, effects: reversed(effects).toReversed() },
    ...(comment && { comment: { before: comment.after, after: comment.before } }),
  }));
  const ops = taskStore.changeAll(changes, { recorded: false });
  return { ...act, steps: ops.flatMap((op, i) => stepOf(op, changes[i]?.effects ?? []) ?? []) };
}

function announce(text: string, label: string, run: () => void) {
  toast(text, {
    id: undoToast,
    description: live.status === "live" ? undefined : words.offline(),
    duration: 8000,
    action: {
      label,
      onClick: (event) => {
        event.preventDefault(); // the toast stays, and says what this did
        run();
      },
    },
  });
}
