import { taskStore } from "@/features/tasks";
import { session, signOut } from "@/lib/session/session";
import { deleteDatabase } from "@/lib/store/database";

/** Signs out and deletes all of the user's data in this browser. */
export async function leave(): Promise<void> {
  const userId = session.getState().account?.id;
  const { waiting } = taskStore.snapshot;
  if (waiting > 0 && !confirm(`${waiting} of your changes could not be sent yet. Sign out and lose them?`))
    return;
  try {
    await signOut();
  } catch {
    // The server is unreachable: the session ends here now, and at the server when its cookie expires.
  }
  taskStore.stop();
  if (userId) await deleteDatabase(userId);
}
