"use client";

import * as words from "@/messages/viewTools";

/** What is shown for the address of a view that was deleted. */
export function NoView() {
  return (
    <div className="flex flex-1 flex-col items-center justify-center pb-24 text-center">
      <h2 className="text-lg font-semibold">{words.noViewTitle()}</h2>
      <p className="mt-1 max-w-sm text-ink-2">{words.noViewText()}</p>
    </div>
  );
}
