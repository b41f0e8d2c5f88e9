import { taskStore } from "@/features/tasks";
import { session, signOut } from "@/lib/session/session";
import { deleteDatabase } from "@/lib/store/database";
import * as words from "@/messages/shell";

/** Signs out and deletes all of the user's data in this browser. */
export async function leave(): Promise<void> {
  const userId = session.getState().account?.id;
  const { waiting, unsaved } = taskStore.snapshot;
  const lost = waiting + unsaved.length;
  if (lost > 0 && !confirm(words.losesChanges({ count: lost }))) return;
  try {
    await signOut();
  } catch {
    // The server is unreachable: the session ends here now, and at the server when its cookie expires.
  }
  taskStore.stop();
  if (userId) await deleteDatabase(userId);
}
