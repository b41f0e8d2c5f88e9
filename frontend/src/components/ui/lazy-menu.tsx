"use client";

import {
  type ButtonHTMLAttributes,
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useState,
} from "react";
import { lazyPart } from "@/lib/lazy-part";

/** What a menu's button spreads into its element, last. */
type TriggerProps = ButtonHTMLAttributes<HTMLButtonElement>;

interface LazyMenuProps {
  trigger: (props: TriggerProps) => ReactElement;
  /** The content, a lazy part. */
  children: ReactNode;
}

export interface OpenMenuProps extends LazyMenuProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Whether the button that stood in had the focus. */
  focused: boolean;
  onFocusChange: (focused: boolean) => void;
}

const OpenMenu = lazyPart(() => import("./open-menu").then((m) => m.OpenMenu), StandIn);

/** A menu on the first page, without the code of menus: until this is there, a button stands in that remembers a press. */
export function LazyMenu(props: LazyMenuProps) {
  const [open, onOpenChange] = useState(false);
  const [focused, onFocusChange] = useState(false);
  return <OpenMenu {...props} {...{ open, onOpenChange, focused, onFocusChange }} />;
}

/** It reacts to the same presses as Radix's trigger. */
function StandIn({ trigger, open, onOpenChange, onFocusChange }: OpenMenuProps) {
  return trigger({
    "aria-haspopup": "menu",
    "aria-expanded": open,
    onFocus: () => onFocusChange(true),
    onBlur: () => onFocusChange(false),
    onPointerDown(event: PointerEvent) {
      if (event.button === 0 && !event.ctrlKey) onOpenChange(!open);
    },
    onKeyDown(event: KeyboardEvent) {
      if (!["Enter", " ", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      onOpenChange(true);
    },
  });
}
