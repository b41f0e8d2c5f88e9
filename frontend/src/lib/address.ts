import { painted } from "@/lib/painted";
import { Emitter } from "@/lib/store/emitter";

/** The parameters of an address in the order and encoding of `URLSearchParams`. */
const paramsOf = (search: string) => new URLSearchParams(search).toString();

/**
 * The parameters that the address of this page was just given. Next renders a change of the address with a low priority and
 * the whole page for it; what the user sees must not wait for that. Null once Next has them.
 */
class Address extends Emitter {
  #params: string | null = null;
  #untold?: AbortController;

  get = (): string | null => this.#params;

  /**
   * Changes the address of the page that is shown. Next replaces the methods of `history` with its own, which render the
   * whole page before the browser can paint; so this calls those of the browser, and tells Next after the frame.
   */
  go(href: string, how: "push" | "replace" = "push") {
    const change = how === "push" ? "pushState" : "replaceState";
    History.prototype[change].call(history, history.state, "", href);
    this.#set(paramsOf(location.search));
    this.#tellLater();
  }

  /** Tells Next after the frame, or when the user does something else before that: it might take them to another page. */
  #tellLater() {
    this.#untold?.abort();
    const untold = (this.#untold = new AbortController());
    const tell = () => {
      if (untold.signal.aborted) return;
      untold.abort();
      history.replaceState(null, "", location.href);
    };
    for (const event of ["keydown", "pointerdown", "click"])
      window.addEventListener(event, tell, { capture: true, signal: untold.signal });
    void painted().then(tell);
  }

  /** Called when Next has rendered an address, which may be one that was set otherwise, or another page. */
  rendered(params: string) {
    if (params === this.#params)
      this.#params = null; // nothing looks different
    else if (paramsOf(location.search) !== this.#params) this.#set(null);
  }

  /** Called when the user goes back or forward. */
  left = () => this.#set(null);

  #set(params: string | null) {
    if (params === this.#params) return;
    this.#params = params;
    this.emit();
  }
}

export const address = new Address();
