import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { toast } from "sonner";
import { Toaster } from "@/components/ui/toaster";
import { makeQueryClient } from "@/lib/query-client";
import type { Account } from "@/lib/session/account";
import { session } from "@/lib/session/session";
import { account, sessionAnswer } from "./server";

/** What the components need, and jsdom or Node.js 20 lack. */
function complete() {
  Map.groupBy ??= (items, keyOf) => {
    const groups = new Map();
    let i = 0;
    for (const item of items) {
      const key = keyOf(item, i++);
      groups.set(key, [...(groups.get(key) ?? []), item]);
    }
    return groups;
  };
  globalThis.matchMedia ??= (media: string) =>
    Object.assign(new EventTarget(), { matches: false, media }) as unknown as MediaQueryList;
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  Element.prototype.scrollIntoView ??= () => {};
  Element.prototype.hasPointerCapture ??= () => false;
  Element.prototype.setPointerCapture ??= () => {};
  Element.prototype.releasePointerCapture ??= () => {};
}

/** Renders an element for a signed-in user. */
export function renderSignedIn(element: ReactElement, as: Account = account) {
  complete();
  session.leave();
  toast.dismiss(); // those of the test before
  session.enter({ ...sessionAnswer(), user: as });
  const client = makeQueryClient();
  const user = userEvent.setup();
  const view = render(
    <QueryClientProvider client={client}>
      {element}
      <Toaster />
    </QueryClientProvider>,
  );
  return { ...view, client, user };
}
