"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "sonner";
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
      toast.error("The browser does not let us copy", {
        description: "Select the text and copy it manually.",
      });
    }
  }
  return (
    <>
      <Button aria-label={copied ? `${label}: copied` : label} onClick={() => void copy()} {...props}>
        {copied ? <Check /> : <Copy />}
        {children ? (copied ? "Copied" : children) : null}
      </Button>
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}
