"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { cn } from "@/lib/cn";
import { close } from "@/messages/common";
import { Button } from "./button";
import { useReturnFocus } from "./return-focus";

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

interface DialogContentProps {
  title: string;
  description?: ReactNode;
  className?: string;
  /**
   * Whether it opens without being asked for at that moment, such as for an answer of the server. The dialog itself then has the
   * focus, not its first button, which the next Space or Enter of what the user is typing would press.
   */
  unasked?: boolean;
  children: ReactNode;
}

/** A modal dialog. */
export function DialogContent(props: DialogContentProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-50 bg-black/40 data-[state=open]:animate-fade" />
      <Content {...props} />
    </Radix.Portal>
  );
}

/** Mounted when the dialog opens. */
function Content({ title, description, className, unasked, children }: DialogContentProps) {
  const content = useRef<HTMLDivElement>(null);
  const returnFocus = useReturnFocus(content);
  return (
    <Radix.Content
      ref={content}
      data-modal=""
      {...(unasked ? { onOpenAutoFocus: focusWhole } : {})}
      onCloseAutoFocus={returnFocus}
      onEscapeKeyDown={(event) => {
        // The open list of a field closes first.
        if (event.target instanceof Element && event.target.matches("[role=combobox][aria-expanded=true]"))
          event.preventDefault();
      }}
      {...(description ? {} : { "aria-describedby": undefined })}
      className={cn(
        "fixed inset-x-3 top-[max(1rem,8vh)] z-50 mx-auto max-h-[calc(100dvh-2rem)] max-w-lg overflow-y-auto rounded-2xl border border-line-2 bg-raised p-5 shadow-2 outline-none data-[state=open]:animate-rise",
        className,
      )}
    >
      <Radix.Title className="pe-10 text-lg font-semibold">{title}</Radix.Title>
      {description ? (
        <Radix.Description className="mt-1 text-sm text-ink-2">{description}</Radix.Description>
      ) : null}
      <div className="mt-4">{children}</div>
      <Radix.Close asChild>
        <Button
          look="ghost"
          size="icon-sm"
          className="absolute end-4 top-4 pointer-coarse:end-2.5 pointer-coarse:top-2.5"
          aria-label={close()}
        >
          <X />
        </Button>
      </Radix.Close>
    </Radix.Content>
  );
}

function focusWhole(event: Event) {
  event.preventDefault();
  (event.currentTarget as HTMLElement).focus({ preventScroll: true });
}

/** The buttons at the end of a dialog; those that have no room beside the others are below them. */
export function DialogActions({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={cn("flex flex-wrap justify-end gap-2", className)}>{children}</div>;
}
