import type { QueryClient } from "@tanstack/react-query";
import { otherLanguage } from "@/lib/quickadd/languages";
import { locale } from "@/lib/words/locale";
import { loadWeekStart, weekStart } from "@/features/settings";
import { localZone } from "@/lib/time/zone";
import { labelStore } from "../labels/labels";
import type { NewTask } from "../task";
import { sameName } from "../view/search";
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
  return (text: string, refused: ReadonlySet<string>) => readWith(text, refused, weekStart(client));
}

/** Reads a text here and now, in weeks that begin on a day: 0 is Monday. */
export function readWith(text: string, refused: ReadonlySet<string>, weekStart: number): Reading {
  const understood = understand(text, refused, {
    now: new Date(),
    zone: localZone(),
    weekStart,
    locale: locale(),
    language: otherLanguage(),
    isProject: (name) => labelStore.labels.project.some((one) => sameName(one.name, name)),
  });
  return { understood, task: newTask(understood) };
}
