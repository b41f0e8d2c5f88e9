import { Emitter } from "@/lib/store/emitter";

/** What a picker can set. */
export const pickers = ["due", "priority", "project", "section", "tag", "repeat", "remind", "move"] as const;
export type PickerKind = (typeof pickers)[number];

export interface PickerRequest {
  kind: PickerKind;
  ids: readonly string[];
}

/** The picker that is open: a list of values for tasks, with a field to search it or to type another. */
class TaskPicker extends Emitter {
  #request: PickerRequest | null = null;

  get = (): PickerRequest | null => this.#request;

  open(kind: PickerKind, ids: readonly string[]) {
    this.#request = { kind, ids };
    this.emit();
  }

  close = () => {
    this.#request = null;
    this.emit();
  };
}

export const taskPicker = new TaskPicker();
