"use client";

import { Command } from "cmdk";
import { Check, type LucideIcon, Search } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { useWhole } from "@/lib/use-whole";
import { current } from "@/messages/choices";
import { Keys } from "./kbd";
import { useReturnFocus } from "./return-focus";

export interface Choice {
  key: string;
  label: string;
  icon: LucideIcon;
  /** The keys that do the same. */
  keys?: string | undefined;
  /** Whether it is the current value. */
  checked?: boolean;
  run: () => void;
}

export type ChoiceGroup = [heading: string, choices: Choice[]];

interface CommandDialogProps {
  title: string;
  placeholder: string;
  text: string;
  onText: (text: string) => void;
  /** The text that the groups belong to, which may be an earlier one. */
  search: string;
  groups: ChoiceGroup[];
  /** Whether all that the groups are chosen from is there. Enter waits for it: the first choice may be another one then. */
  ready?: boolean;
  /** Below the field, such as why a text is not understood. */
  note?: ReactNode;
  /** Whether Enter was pressed for the text before the dialog was shown. */
  entered?: boolean;
  onClose: () => void;
}

/** As many as can be seen without scrolling. */
const seenFirst = 9;

/** A list of choices with a field that searches them, used with keys. */
export function CommandDialog(props: CommandDialogProps) {
  const { title, placeholder, text, onText, search, groups, ready = true, note, onClose } = props;
  const content = useRef<HTMLDivElement>(null);
  const chosen = useRef<() => void>(() => {});
  const [selected, select] = useSelection(search, groups);
  const whole = useWhole();
  const late = text.trim() !== search || !ready;
  const waiting = useRef(props.entered ?? false);

  function take(choice: Choice) {
    if (content.current) chosen.current = choice.run;
    onClose();
    // A choice that was made before the dialog could be shown has no focus to wait for.
    if (!content.current) choice.run();
  }

  /** Enter means the first choice for all that was typed, also before the list has followed. */
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    // A key that is held, such as the one that opened the dialog, chooses nothing.
    if (event.repeat) return event.preventDefault();
    if (!late) return;
    event.preventDefault();
    waiting.current = true;
  }
  useEffect(() => {
    if (!waiting.current || late) return;
    waiting.current = false;
    const choice = groups.flatMap(([, choices]) => choices).find(({ key }) => key === selected);
    if (choice) take(choice);
  });

  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 bg-black/40 data-[state=open]:animate-fade" />
        <Content content={content} chosen={chosen}>
          <Radix.Title className="sr-only">{title}</Radix.Title>
          <Command
            shouldFilter={false}
            label={title}
            loop
            value={selected}
            onValueChange={select}
            onKeyDown={onKeyDown}
          >
            <div className="flex items-center gap-3 border-b border-line px-4">
              <Search className="size-4.5 text-ink-3" aria-hidden />
              <Command.Input
                autoFocus // as soon as it can be seen: Radix moves the focus a little later
                value={text}
                onValueChange={onText}
                placeholder={placeholder}
                className="h-13 flex-1 bg-transparent outline-none placeholder:text-ink-3"
              />
            </div>
            {note ? <div className="px-4 pt-3 text-sm text-ink-2">{note}</div> : null}
            <Command.List className="max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
              {(whole ? groups : firstOf(groups)).map(([heading, choices]) =>
                choices.length === 0 ? null : (
                  <Command.Group
                    key={heading || "other"}
                    heading={heading || undefined}
                    className="[&_[cmdk-group-heading]]:truncate [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3"
                  >
                    {choices.map((choice) => (
                      <Item key={choice.key} choice={choice} onSelect={() => take(choice)} />
                    ))}
                  </Command.Group>
                ),
              )}
            </Command.List>
          </Command>
        </Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ContentProps {
  content: RefObject<HTMLDivElement | null>;
  chosen: RefObject<() => void>;
  children: ReactNode;
}

/** Mounted when the dialog opens. */
function Content({ content, chosen, children }: ContentProps) {
  // A choice may open another dialog, which returns the focus to where it is then. It is made when React has finished: it may
  // need its changes rendered at once.
  const returnFocus = useReturnFocus(content, () => queueMicrotask(chosen.current));
  return (
    <Radix.Content
      ref={content}
      data-modal=""
      aria-describedby={undefined}
      onCloseAutoFocus={returnFocus}
      className="fixed inset-x-3 top-[max(0.75rem,12vh)] z-50 mx-auto max-w-xl overflow-hidden rounded-2xl border border-line-2 bg-raised shadow-2 outline-none data-[state=open]:animate-rise"
    >
      {children}
    </Radix.Content>
  );
}

function firstOf(groups: ChoiceGroup[]): ChoiceGroup[] {
  let left = seenFirst;
  return groups.map(([heading, choices]) => {
    const first = choices.slice(0, left);
    left -= first.length;
    return [heading, first];
  });
}

function Item({ choice, onSelect }: { choice: Choice; onSelect: () => void }) {
  const { key, label, icon: Icon, keys, checked } = choice;
  return (
    <Command.Item
      value={key}
      onSelect={onSelect}
      className="flex h-10 items-center gap-3 rounded-lg px-2.5 text-sm data-[selected=true]:bg-hover pointer-coarse:h-11"
    >
      <Icon className="size-4 shrink-0 text-ink-3" aria-hidden />
      <span className="min-w-0 flex-1 truncate" dir="auto">
        {label}
      </span>
      {checked ? (
        <>
          <span className="sr-only">{current()}</span>
          <Check className="size-4 shrink-0 text-accent" aria-hidden />
        </>
      ) : null}
      {keys ? <Keys keys={keys} /> : null}
    </Command.Item>
  );
}

/**
 * The first listed item, until the user selects another from the same list. By default, cmdk selects when the text
 * changes, which is before the deferred list changes: its selection may then be gone, and Enter does nothing.
 */
function useSelection(search: string, groups: ChoiceGroup[]): [string | undefined, (key: string) => void] {
  const [chosen, setChosen] = useState({ search, key: "" });
  const keys = groups.flatMap(([, choices]) => choices.map(({ key }) => key));
  const holds = chosen.search === search && keys.includes(chosen.key);
  return [holds ? chosen.key : keys[0], (key) => setChosen({ search, key })];
}
