import type { Schema } from "@/lib/api/schema";
import { Emitter } from "@/lib/store/emitter";
import type { AnyLabelKind } from "./relabel";

/** A project, a section or a tag. */
export type Label = Schema["Label"] & Partial<Pick<Schema["Section"], "project_id">>;

/** All projects, sections and tags in their order, archived ones too. */
export type Labels = Readonly<Record<AnyLabelKind, readonly Label[]>>;

/** Before any are loaded. */
export const noLabels: Labels = { project: [], section: [], tag: [] };

const inOrder = (a: Label, b: Label) =>
  a.position < b.position ? -1 : a.position > b.position ? 1 : a.id < b.id ? -1 : 1;

/** The projects, sections and tags that the server has; a name that is only in tasks of this browser is not among them yet. */
class LabelStore extends Emitter {
  labels = noLabels;

  getSnapshot = () => this.labels;

  replace(labels: Labels) {
    this.labels = labels;
    this.emit();
  }

  /** Takes a label as it is now, unless a newer version is known. */
  put(kind: AnyLabelKind, label: Label) {
    const others = this.labels[kind].filter(({ id }) => id !== label.id);
    const known = this.labels[kind].find(({ id }) => id === label.id);
    if (known && known.version > label.version) return;
    this.replace({ ...this.labels, [kind]: [...others, label].sort(inOrder) });
  }

  drop(kind: AnyLabelKind, id: string) {
    this.replace({ ...this.labels, [kind]: this.labels[kind].filter((label) => label.id !== id) });
  }
}

export const labelStore = new LabelStore();
