import { taskStore } from "@/features/tasks";
import { notify } from "@/lib/notify";
import { session } from "@/lib/session/session";
import { deleteDatabase } from "@/lib/store/database";
import * as words from "@/messages/shell";

/** Signs out and deletes all of the user's data in this browser, even if the server is unreachable. */
export async function leave(): Promise<void> {
  const userId = session.getState().account?.id;
  const { waiting, unsaved } = taskStore.snapshot;
  const lost = waiting + unsaved.length;
  if (lost > 0 && !confirm(words.losesChanges({ count: lost }))) return;
  const ended = await session.end();
  if (!ended) void notify((toast) => toast.warning(words.signedOutHere(), { duration: 20_000 }));
  taskStore.stop();
  if (userId) await deleteDatabase(userId);
}
