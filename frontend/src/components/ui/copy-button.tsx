"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { copied as copiedWord } from "@/messages/common";
import * as words from "@/messages/copy";
import { Button, type ButtonProps } from "./button";

interface CopyButtonProps extends Omit<ButtonProps, "onClick"> {
  text: string;
  /** The label for screen readers: what is copied. */
  label: string;
}

/** Copies a text and confirms it. */
export function CopyButton({ text, label, children, ...props }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      toast.error(words.notAllowed(), {
        description: words.copyByHand(),
      });
    }
  }
  return (
    <>
      <Button
        aria-label={copied ? words.itemCopied({ item: label }) : label}
        onClick={() => void copy()}
        {...props}
      >
        {copied ? <Check /> : <Copy />}
        {children ? (copied ? copiedWord() : children) : null}
      </Button>
      <span role="status" className="sr-only">
        {copied ? copiedWord() : ""}
      </span>
    </>
  );
}
