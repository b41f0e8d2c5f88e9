import { Emitter } from "@/lib/store/emitter";
import type { LabelQuestion } from "./label-dialogs";
import type { Label } from "./labels";

/** A question about a section, or the name of a new one in a project, which has no id before the server knows it. */
export type SectionRequest =
  { section: Label; question: LabelQuestion } | { project: string; projectId: string | undefined };

/** The open dialog of a list's or a board's sections. */
class SectionQuestion extends Emitter {
  #request: SectionRequest | null = null;

  get = (): SectionRequest | null => this.#request;

  ask(request: SectionRequest) {
    this.#request = request;
    this.emit();
  }

  close = () => {
    this.#request = null;
    this.emit();
  };
}

export const sectionQuestion = new SectionQuestion();
