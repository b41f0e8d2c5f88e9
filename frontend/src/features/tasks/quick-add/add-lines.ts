import type { QueryClient } from "@tanstack/react-query";
import { addMany } from "../actions";
import { type Defaults, readTask, withDefaults } from "./reader";

/** Makes a task of each line, in their order. */
export async function addLines(client: QueryClient, lines: readonly string[], defaults: Defaults) {
  const tasks = await Promise.all(
    lines.map(async (line) => withDefaults(await readTask(client, line), defaults)),
  );
  addMany(tasks);
}
