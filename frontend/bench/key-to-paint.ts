import type { Page } from "@playwright/test";

/** What an act shows: elements by a selector, with a text if one is given; or that they are gone. */
export interface Sign {
  selector: string;
  text?: string;
  gone?: boolean;
}

declare global {
  interface Window {
    painted: Promise<number>;
  }
}

/** Milliseconds from the press of a key or the mouse to the frame after the one that shows what the act does. */
export async function keyToPaint(page: Page, act: () => Promise<void>, sign: Sign): Promise<number> {
  await page.evaluate(({ selector, text, gone = false }) => {
    window.painted = new Promise((resolve) => {
      let began = 0;
      const presses = ["keydown", "pointerdown"] as const;
      const begin = (event: Event) => (began = event.timeStamp);
      const shown = () =>
        [...document.querySelectorAll(selector)].some((e) => !text || e.textContent?.includes(text)) !== gone;
      const look = () => {
        if (!began || !shown()) return;
        observer.disconnect();
        for (const press of presses) window.removeEventListener(press, begin, true);
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - began);
          port2.postMessage(null);
        });
      };
      const observer = new MutationObserver(look);
      for (const press of presses) window.addEventListener(press, begin, true);
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    });
  }, sign);
  await act();
  return page.evaluate(() => window.painted);
}
