"use client";

import { type RefObject, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { localZone, wallTime } from "@/lib/time/zone";
import * as words from "@/messages/panel";
import * as common from "@/messages/common";

interface ReminderAtFormProps {
  input: RefObject<HTMLInputElement | null>;
  /** An RFC 3339 time in UTC. */
  onAdd: (at: string) => void;
  onCancel: () => void;
}

/** Asks for the day and time of a reminder that does not count from the due date. */
export function ReminderAtForm({ input, onAdd, onCancel }: ReminderAtFormProps) {
  const [earliest] = useState(() => inputValue(new Date()));
  return (
    <form
      className="flex w-full flex-wrap items-center gap-1.5 py-1"
      onSubmit={(event) => {
        event.preventDefault();
        const at = new Date(input.current?.value ?? "");
        if (!Number.isNaN(at.getTime())) onAdd(at.toISOString().replace(".000Z", "Z"));
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault(); // it would close the panel
        onCancel();
      }}
    >
      <Input
        ref={input}
        type="datetime-local"
        required
        min={earliest}
        aria-label={words.remindOn()}
        className="h-9 min-w-52 flex-1 px-2"
      />
      <Button type="submit" size="sm" look="primary">
        {common.add()}
      </Button>
      <Button type="button" size="sm" look="ghost" onClick={onCancel}>
        {common.cancel()}
      </Button>
    </form>
  );
}

/** A time as an input of type datetime-local writes it. */
const inputValue = (at: Date): string => wallTime(at, localZone()).toISOString().slice(0, 16);
