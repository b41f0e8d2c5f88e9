"use client";

import { useId } from "react";
import { Switch } from "@/components/ui/switch";
import { saveKeys } from "@/lib/keys/rebind";
import { useKeymap } from "@/lib/keys/use-keys";
import * as words from "@/messages/letterSwitch";

/** Turns the keys that are a single character on and off. */
export function LetterSwitch() {
  const id = useId();
  const { letters } = useKeymap();
  return (
    <div className="flex items-center justify-between gap-4 text-sm">
      <label htmlFor={id}>
        <span className="font-medium">{words.letters()}</span>
        <span className="block text-ink-2">{words.lettersHint()}</span>
      </label>
      <Switch id={id} checked={letters} onCheckedChange={(on) => saveKeys({ letters: on })} />
    </div>
  );
}
