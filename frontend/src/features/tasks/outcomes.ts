import { restore, show } from "@/messages/common";
import * as words from "@/messages/outcomes";
import { notify } from "@/lib/notify";
import { formatDayAndTime } from "@/lib/time/days";
import { holdsText, type Op, subjects, type Unsaved } from "./outbox/op";
import { canRestore, openUnsaved, restoreUnsaved, titleOf } from "./unsaved";

/** Says why a change was not saved. What the user typed is offered back. */
export function showRefused(unsaved: Unsaved): void {
  const { op, reason } = unsaved;
  const id = `refused-${op.key}`;
  void notify((toast) => {
    if (canRestore(unsaved)) {
      const title = titleOf(unsaved);
      toast.error(words.deletedElsewhere({ named: title ? "yes" : "no", title }), {
        ...{ id, duration: 20_000, description: words.keptRestore() },
        action: { label: restore(), onClick: () => restoreUnsaved(unsaved) },
      });
    } else if (holdsText(op.change)) {
      toast.error(words.notSaved(), {
        ...{ id, duration: 20_000, description: reason },
        action: { label: show(), onClick: openUnsaved },
      });
    } else {
      toast.error(words.failed(), { id, description: reason });
    }
  });
}

/** Says when a repeating task comes back. */
export function showNext(op: Op, at: string): void {
  const when = formatDayAndTime(new Date(at), Date.now());
  const [id] = subjects(op.change);
  void notify((toast) => toast(words.next({ when }), { id: `next-${id}` }));
}
