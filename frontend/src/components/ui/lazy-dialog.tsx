"use client";

import { type ComponentType, type Dispatch, type SetStateAction, useState } from "react";
import { isWritten } from "@/lib/keys/pressed";
import { lazyPart } from "@/lib/lazy-part";
import { Opening } from "./opening";

/** What was typed before a dialog could be shown. */
export interface Typed {
  text: string;
  /** Whether Enter followed it. */
  entered: boolean;
}

/** The keys that the field of a dialog takes beside those that write. */
const taken = /^(Enter|Backspace|Arrow.*|Home|End|Page.*)$/;

interface DialogProps {
  typed?: Typed;
  onClose: () => void;
}

interface TypingProps {
  onTyped: Dispatch<SetStateAction<Typing>>;
  onClose: () => void;
}

interface Typing extends Typed {
  /** Whether the selection or the caret was moved: Enter after that does not mean the first choice. */
  moved: boolean;
}

/**
 * A dialog in its own chunk. Until this is there, what is typed is kept for the dialog's field, and what gives up an opening closes
 * it.
 */
export function lazyDialog<P extends DialogProps>(load: () => Promise<ComponentType<P>>) {
  const Part = lazyPart(load as () => Promise<ComponentType<P & TypingProps>>, OpeningDialog);
  return function LazyDialog(props: Omit<P, "typed">) {
    const [typed, onTyped] = useState<Typing>({ text: "", entered: false, moved: false });
    return <Part {...({ ...props, typed, onTyped } as unknown as P & TypingProps)} />;
  };
}

function OpeningDialog({ onClose, onTyped }: TypingProps) {
  function onKey(event: KeyboardEvent) {
    const { key } = event;
    const written = isWritten(event);
    if (!written && (event.ctrlKey || event.metaKey || event.altKey || !taken.test(key))) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat && key !== "Backspace") return; // such as the key that opens the dialog
    onTyped((typed) => {
      if (typed.entered) return typed;
      if (written) return { ...typed, text: typed.text + key };
      if (key === "Backspace") return { ...typed, text: [...typed.text].slice(0, -1).join("") };
      return key === "Enter" ? { ...typed, entered: !typed.moved } : { ...typed, moved: true };
    });
  }
  return <Opening onGiveUp={onClose} onKey={onKey} />;
}
