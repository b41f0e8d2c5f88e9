"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogContent } from "@/components/ui/dialog";
import { inputStyles } from "@/components/ui/field";
import { Keys } from "@/components/ui/kbd";
import { cn } from "@/lib/cn";
import { commandInfo } from "@/lib/keys/command-info";
import { type CommandId, defaultKeys } from "@/lib/keys/commands";
import { keysInWords } from "@/lib/keys/key-names";
import { nameOf } from "@/lib/keys/pressed";
import { problemOf, rebind, record } from "@/lib/keys/rebind";
import { useKeymap } from "@/lib/keys/use-keys";
import * as common from "@/messages/common";
import * as words from "@/messages/keyboardSettings";

/** These move the focus and close the dialog, so they are not recorded. */
const passed = new Set(["Tab", "shift+Tab", "Escape"]);

/** Records the key of a command. */
export function KeyDialog({ command, onDone }: { command: CommandId; onDone: () => void }) {
  const keymap = useKeymap();
  const [keys, setKeys] = useState("");
  const name = commandInfo[command].name();
  const [first] = defaultKeys[command];
  const problem = keys ? problemOf(keymap, command, keys) : null;
  function save(chosen: string) {
    rebind(command, chosen);
    onDone();
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onDone()}>
      <DialogContent title={name} description={words.pressKeys()}>
        <div className="relative">
          <input
            aria-label={words.newKeyOf({ command: name })}
            aria-describedby="key-problem"
            aria-invalid={problem ? true : undefined}
            autoFocus
            readOnly
            value={keys ? keysInWords(keys) : ""}
            placeholder={words.pressNewKey()}
            onKeyDown={(event) => {
              const pressed = nameOf(event.nativeEvent);
              if (!pressed || passed.has(pressed)) return;
              event.preventDefault();
              if (!event.repeat) setKeys(pressed === "Backspace" ? "" : record(keys, pressed));
            }}
            className={cn(inputStyles, "h-12 caret-transparent", keys && "text-transparent")}
          />
          {keys ? (
            <span aria-hidden className="pointer-events-none absolute inset-y-0 start-3 flex items-center">
              <Keys keys={keys} />
            </span>
          ) : null}
        </div>
        <p id="key-problem" role="status" className="mt-1.5 min-h-5 text-sm text-danger">
          {problem}
        </p>
        <DialogActions className="mt-3">
          <Button look="ghost" onClick={() => save("")}>
            {words.turnOff()}
          </Button>
          <Button
            look="ghost"
            className="me-auto"
            disabled={problemOf(keymap, command, first) !== null}
            onClick={() => save(first)}
          >
            {words.resetTo({ keys: keysInWords(first) })}
          </Button>
          <Button look="primary" disabled={!keys || problem !== null} onClick={() => save(keys)}>
            {common.save()}
          </Button>
        </DialogActions>
      </DialogContent>
    </Dialog>
  );
}
