import type { Page } from "@playwright/test";

/** What an act shows: elements by a selector, with a text or a field's value if one is given; or that they are gone. */
export interface Sign {
  selector: string;
  text?: string;
  value?: string;
  gone?: boolean;
  /** The act begins when the button of the mouse is let go, as a click or a drop does. Otherwise it begins when a key or it is pressed. */
  released?: boolean;
}

export interface Paint {
  /** Milliseconds from the press of a key or the mouse to the frame after the one that shows what the act does. */
  took: number;
  /** Milliseconds that a fixed amount of work took, just before or just after the act, whichever is longer. */
  pace: number;
}

declare global {
  interface Window {
    painted: Promise<Paint>;
  }
}

export async function keyToPaint(page: Page, act: () => Promise<unknown>, sign: Sign): Promise<Paint> {
  await page.evaluate(({ selector, text, value, gone = false, released = false }) => {
    // It handles strings and objects, as an act does: a busy neighbor slows that down, but not a loop of multiplications.
    const work = () => {
      const tasks = Array.from({ length: 300 }, (_, i) => ({
        id: `${i}`,
        title: `Task number ${i}`,
        tags: ["home"],
      }));
      const began = performance.now();
      for (let i = 0; i < 10; i++) JSON.parse(JSON.stringify(tasks));
      return performance.now() - began;
    };
    const before = work();
    window.painted = new Promise((resolve) => {
      let began = 0;
      const stop = new AbortController();
      const listen = (names: string[], run: (event: Event) => void) => {
        for (const name of names) window.addEventListener(name, run, { capture: true, signal: stop.signal });
      };
      const fits = (element: Element) =>
        (text === undefined || element.textContent.includes(text)) &&
        (value === undefined || (element as HTMLInputElement).value === value);
      // The tasks are kept, hidden, while another page is shown.
      const seen = (element: Element) => fits(element) && element.checkVisibility();
      const shown = () => [...document.querySelectorAll(selector)].some(seen) !== gone;
      const look = () => {
        if (!began || !shown()) return;
        observer.disconnect();
        stop.abort();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            const took = performance.now() - began;
            resolve({ took, pace: Math.max(before, work()) });
          };
          port2.postMessage(null);
        });
      };
      const observer = new MutationObserver(look);
      listen(released ? ["pointerup"] : ["keydown", "pointerdown"], (event) => (began = event.timeStamp));
      listen(["input"], look);
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    });
  }, sign);
  await act();
  return page.evaluate(() => window.painted);
}
