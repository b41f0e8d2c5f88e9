"use client";

import { useLayoutEffect, useRef } from "react";
import { CloseMenu, type OpenMenuProps } from "./lazy-menu";
import { Menu, MenuTrigger } from "./menu";

/** The menu that takes the place of a stand-in, and the focus, if that had it. */
export function OpenMenu({ trigger, children, open, onOpenChange, focused }: OpenMenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (focused) button.current?.focus({ preventScroll: true });
  }, [focused]);
  return (
    <Menu open={open} onOpenChange={onOpenChange}>
      <MenuTrigger asChild ref={button}>
        {trigger({})}
      </MenuTrigger>
      <CloseMenu value={open ? () => onOpenChange(false) : null}>{children}</CloseMenu>
    </Menu>
  );
}
