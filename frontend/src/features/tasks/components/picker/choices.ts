import type { Choice } from "@/components/ui/command-dialog";
import { fold } from "../../view/search";

/** The choices with a word that begins with the search. */
export const matching = (choices: Choice[], search: string): Choice[] =>
  choices.filter(({ label }) => fold(` ${label}`).includes(` ${fold(search)}`));

/** Whether all tasks have a value. */
export const all = <T>(tasks: readonly T[], test: (task: T) => boolean): boolean =>
  tasks.length > 0 && tasks.every(test);
