"use client";

import {
  type ButtonHTMLAttributes,
  type ComponentType,
  createContext,
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  use,
  useState,
} from "react";
import { lazyPart } from "@/lib/lazy-part";
import { Opening } from "./opening";

/** What a menu's button spreads into its element, last. */
type TriggerProps = ButtonHTMLAttributes<HTMLButtonElement>;

interface LazyMenuProps {
  trigger: (props: TriggerProps) => ReactElement;
  /** The content, which may be `lazyItems`. */
  children: ReactNode;
}

export interface OpenMenuProps extends LazyMenuProps {
  /** Whether it was pressed. */
  used: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Whether the button that stood in had the focus. */
  focused: boolean;
  onFocusChange: (focused: boolean) => void;
}

const OpenMenu = lazyPart(
  () => import("./open-menu").then((m) => m.OpenMenu),
  StandIn,
  ({ used }: OpenMenuProps) => used,
);

/** Closes the menu that lazy items are in, while it is open. */
export const CloseMenu = createContext<(() => void) | null>(null);

/** The content of a menu in its own chunk. */
export const lazyItems = <P extends object>(load: () => Promise<ComponentType<P>>) =>
  lazyPart(load, ItemsOpening);

/**
 * A menu that costs little until it is used: a button stands in for it until the first press, and after that until the code of
 * menus is there. So it can be on the first page, and in each of many rows.
 */
export function LazyMenu(props: LazyMenuProps) {
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  const [focused, onFocusChange] = useState(false);
  function onOpenChange(opens: boolean) {
    setOpen(opens);
    setUsed(true);
  }
  return <OpenMenu {...props} {...{ used, open, onOpenChange, focused, onFocusChange }} />;
}

/** It reacts to the same presses as Radix's trigger. */
function StandIn({ trigger, open, onOpenChange, onFocusChange }: OpenMenuProps) {
  const button = trigger({
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
  return (
    <>
      {button}
      {open ? <Opening onGiveUp={() => onOpenChange(false)} /> : null}
    </>
  );
}

function ItemsOpening() {
  const close = use(CloseMenu);
  return close ? <Opening onGiveUp={close} /> : null;
}
