"use client";

import { useSyncExternalStore } from "react";
import { Emitter } from "@/lib/store/emitter";
import { checkZone } from "./device-zone";

/** The current minute, so that tasks become overdue while the page is open. */
class Clock extends Emitter {
  #now = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get = () => (this.#now ||= Date.now());

  watch = (listener: () => void) => {
    const stop = this.subscribe(listener);
    this.#timer ??= this.#next();
    return stop;
  };

  #next() {
    return setTimeout(
      () => {
        checkZone();
        this.#now = Date.now();
        this.#timer = this.#next();
        this.emit();
      },
      60_050 - (Date.now() % 60_000),
    );
  }
}

const clock = new Clock();

export const useNow = (): number => useSyncExternalStore(clock.watch, clock.get, () => 0);
