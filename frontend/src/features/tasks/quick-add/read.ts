import type { QueryClient } from "@tanstack/react-query";
import { loadWeekStart, weekStart } from "@/features/settings";
import { localZone } from "@/lib/time/zone";
import type { NewTask } from "../task";
import { newTask } from "./new-task";
import { understand, type Understood } from "./understand";

/** What a text means now. */
export interface Reading {
  understood: Understood;
  task: NewTask;
}

/** A function that reads texts. This file and the grammar are a chunk that is fetched when the user begins to type. */
export function makeReader(client: QueryClient) {
  void loadWeekStart(client); // offline it fails late, and the first day of a week matters little
  return (text: string, refused: ReadonlySet<string>): Reading => {
    const understood = understand(text, refused, {
      now: new Date(),
      zone: localZone(),
      weekStart: weekStart(client),
      locale: navigator.language,
    });
    return { understood, task: newTask(understood) };
  };
}
