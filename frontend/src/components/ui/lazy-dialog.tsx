"use client";

import { type ComponentType, type Dispatch, type SetStateAction, useEffect, useState } from "react";
import { lazyPart } from "@/lib/lazy-part";

/** What was typed before a dialog could be shown. */
export interface Typed {
  text: string;
  /** Whether Enter followed it. */
  entered: boolean;
}

interface DialogProps {
  typed?: Typed;
  onClose: () => void;
}

interface OpeningProps {
  onTyped: Dispatch<SetStateAction<Typed>>;
  onClose: () => void;
}

/** A dialog in its own chunk. Until this is there, what is typed is kept for the dialog's field, and Escape closes. */
export function lazyDialog<P extends DialogProps>(load: () => Promise<ComponentType<P>>) {
  const Part = lazyPart(load as () => Promise<ComponentType<P & OpeningProps>>, Opening);
  return function LazyDialog(props: Omit<P, "typed">) {
    const [typed, onTyped] = useState<Typed>({ text: "", entered: false });
    return <Part {...({ ...props, typed, onTyped } as unknown as P & OpeningProps)} />;
  };
}

function Opening({ onClose, onTyped }: OpeningProps) {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const { key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const written = [...key].length === 1;
      if (!written && key !== "Backspace" && key !== "Enter" && key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      if (key === "Escape") return onClose();
      if (event.repeat && key !== "Backspace") return; // such as the key that opens the dialog
      onTyped((typed) => {
        if (typed.entered) return typed;
        if (key === "Enter") return { ...typed, entered: true };
        return { ...typed, text: written ? typed.text + key : [...typed.text].slice(0, -1).join("") };
      });
    }
    document.addEventListener("keydown", onKeyDown, true);
    return () => document.removeEventListener("keydown", onKeyDown, true);
  }, [onClose, onTyped]);
  // The keyboard shortcuts of the page rest.
  return <span hidden data-opening />;
}
