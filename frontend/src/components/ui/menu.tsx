"use client";

import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import { type ComponentProps, createContext, type ReactNode, use, useRef, useState } from "react";
import { cn } from "@/lib/cn";
import { useReturnFocus } from "./return-focus";

const IsOpen = createContext(false);

/** A menu. It closes without an animation, so its content is gone at once, not after the page was laid out to look for one. */
export function Menu({
  open: given,
  onOpenChange,
  ...props
}: Omit<ComponentProps<typeof Radix.Root>, "defaultOpen">) {
  const [own, setOwn] = useState(false);
  const open = given ?? own;
  const change = (next: boolean) => {
    setOwn(next);
    onOpenChange?.(next);
  };
  return (
    <IsOpen value={open}>
      <Radix.Root open={open} onOpenChange={change} {...props} />
    </IsOpen>
  );
}

export const MenuTrigger = Radix.Trigger;
export const MenuGroup = Radix.Group;
export const MenuRadioGroup = Radix.RadioGroup;

export const floatingStyles =
  "z-50 rounded-xl border border-line-2 bg-raised text-sm text-ink shadow-2 outline-none data-[state=open]:animate-rise";

const itemStyles =
  "flex cursor-default select-none items-center gap-2.5 rounded-lg px-2.5 py-1.5 outline-none pointer-coarse:min-h-11 data-disabled:opacity-50 data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3";

type ContentProps = ComponentProps<typeof Radix.Content>;

export function MenuContent(props: ContentProps) {
  if (!use(IsOpen)) return null;
  return (
    <>
      {/* A press beside the menu closes it, and does nothing else. */}
      <Radix.Portal>
        <div className="fixed inset-0 z-50" />
      </Radix.Portal>
      <Radix.Portal>
        <Content {...props} />
      </Radix.Portal>
    </>
  );
}

/** Mounted when the menu opens. */
function Content({ className, onCloseAutoFocus, ...props }: ContentProps) {
  const content = useRef<HTMLDivElement>(null);
  const returnFocus = useReturnFocus(content);
  return (
    <Radix.Content
      onKeyDownCapture={(event) => {
        // A key that is held, such as the one that opened the menu, chooses nothing.
        if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
      }}
      onCloseAutoFocus={(event) => {
        returnFocus(event);
        onCloseAutoFocus?.(event);
      }}
      sideOffset={6}
      collisionPadding={12}
      className={cn(
        floatingStyles,
        "max-h-(--radix-dropdown-menu-content-available-height) max-w-[calc(100vw-1.5rem)] min-w-48 overflow-y-auto p-1.5",
        className,
      )}
      {...props}
      ref={content}
    />
  );
}

export function MenuItem({
  className,
  danger,
  ...props
}: ComponentProps<typeof Radix.Item> & { danger?: boolean }) {
  return (
    <Radix.Item
      className={cn(
        itemStyles,
        danger && "text-danger data-highlighted:bg-danger-wash [&_svg]:text-danger",
        className,
      )}
      {...props}
    />
  );
}

export function MenuRadioItem({ children, ...props }: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem className={cn(itemStyles, "group/item pe-8")} {...props}>
      {children}
      <Check className="absolute end-3 hidden group-data-[state=checked]/item:block" />
    </Radix.RadioItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 pt-1.5 pb-1 text-xs font-medium text-ink-3">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1.5 my-1.5 h-px bg-line" />;
}
