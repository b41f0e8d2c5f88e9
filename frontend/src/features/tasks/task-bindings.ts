import { notLoaded, priorityChanged } from "@/messages/acts";
import type { CommandId } from "@/lib/keys/commands";
import type { KeyBinding } from "@/lib/keys/registry";
import { lazyModule } from "@/lib/lazy-part";
import { notify } from "@/lib/notify";
import { completeOrReopen, destroy, patchMany, skip } from "./actions";
import { recurs } from "./series-question";
import { taskStore } from "./store";
import { pickers, taskPicker } from "./task-picker";
import { priorities, type Task } from "./task";

const loadMore = lazyModule(() => import("./more-actions"));
const more = ["indent", "outdent", "duplicate", "copyLink"] as const;

interface Options {
  when?: KeyBinding["when"];
  /** Called when the tasks leave the list. */
  leaves?: () => void;
  /** Called once they are skipped or deleted. */
  gone?: () => void;
  /** The task above in the list, below which `indent` puts them. */
  above?: string | undefined;
}

/** The commands on tasks: the selected ones, the focused one, or the one whose details have the focus. */
export function taskBindings(ids: readonly string[], { when, leaves, gone, above }: Options): KeyBinding[] {
  const some = ids.length > 0;
  const bind = (command: CommandId, run: () => void, applies = () => some): KeyBinding => ({
    ...{ command, run, applies, tasks: ids },
    ...(when ? { when } : {}),
  });
  const any = (test: (task: Task) => boolean) => () =>
    ids.some((id) => {
      const task = taskStore.get(id);
      return task !== undefined && test(task);
    });
  const applies = {
    indent: () => some && above !== undefined,
    outdent: any((task) => task.parent_id !== null),
    duplicate: () => some,
    copyLink: () => some,
  };
  return [
    bind("complete", () => {
      completeOrReopen(ids);
      leaves?.();
    }),
    ...pickers.map((kind) => bind(kind, () => taskPicker.open(kind, ids))),
    ...priorities.map((priority) => bind(priority, () => patchMany(ids, { priority }, priorityChanged()))),
    ...more.map((command) =>
      bind(
        command,
        () =>
          void loadMore().then(
            (m) => m[command](ids, above),
            () => notify((toast) => toast.error(notLoaded())),
          ),
        applies[command],
      ),
    ),
    bind(
      "skip",
      () => {
        skip(ids);
        leaves?.();
        gone?.();
      },
      any(recurs),
    ),
    bind("delete", () => {
      destroy(ids, () => {
        leaves?.();
        gone?.();
      });
    }),
  ];
}
