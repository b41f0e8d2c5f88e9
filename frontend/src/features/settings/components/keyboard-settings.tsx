"use client";

import { lazyPart } from "@/lib/lazy-part";

/** Only the browser knows its keys, so no build can render them. */
export const KeyboardSettings = lazyPart(() => import("./keyboard-table").then((m) => m.KeyboardTable));
