import { taskStore } from "@/features/tasks";
import { session, signOut } from "@/lib/session/session";
import { deleteDatabase } from "@/lib/store/database";

/** Signs out and leaves nothing of the user in this browser. */
export async function leave(): Promise<void> {
  const userId = session.getState().account?.id;
  const { waiting } = taskStore.snapshot;
  if (waiting > 0 && !confirm(`${waiting} of your changes could not be sent yet. Sign out and lose them?`))
    return;
  try {
    await signOut();
  } catch {
    // The server is away: the session ends here, and there when its cookie expires.
  }
  taskStore.stop();
  if (userId) await deleteDatabase(userId);
}
