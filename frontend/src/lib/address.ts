import { painted } from "@/lib/painted";
import { Emitter } from "@/lib/store/emitter";

/** The parameters of an address in the order and encoding of `URLSearchParams`. */
const paramsOf = (search: string) => new URLSearchParams(search).toString();

/** The page of the tasks. */
const page = "/";

/**
 * The parameters that the address of this page was just given. Next renders a change of the address with a low priority and
 * the whole page for it; what the user sees must not wait for that. Null once Next has them.
 */
class Address extends Emitter {
  #params: string | null = null;
  #href = "";
  #untold?: AbortController;
  /** What Next was told and has not rendered yet. */
  #told: string[] = [];
  /** What Next rendered last. */
  #rendered = "";

  get = (): string | null => this.#params;

  /** The parameters of the page, also while the browser's address is an older one that Next has just set. */
  current = (): URLSearchParams => new URLSearchParams(this.#params ?? location.search);

  /**
   * Changes the address of the page that is shown. Next replaces the methods of `history` with its own, which render the
   * whole page before the browser can paint; so this calls those of the browser, and tells Next after the frame.
   */
  go(href: string, how: "push" | "replace" = "push") {
    this.#write(how === "push" ? "pushState" : "replaceState", href);
    this.#href = location.href;
    this.#set(paramsOf(location.search));
    this.#tellLater();
  }

  #write(change: "pushState" | "replaceState", href: string) {
    History.prototype[change].call(history, history.state, "", href);
  }

  /** Tells Next after the frame, or when the user does something else before that: it might take them to another page. */
  #tellLater() {
    this.#untold?.abort();
    const untold = (this.#untold = new AbortController());
    const tell = () => {
      if (untold.signal.aborted || this.#params === null) return;
      untold.abort();
      this.#told.push(this.#params);
      history.replaceState(null, "", this.#href);
    };
    for (const event of ["keydown", "pointerdown", "click"])
      window.addEventListener(event, tell, { capture: true, signal: untold.signal });
    void painted().then(tell);
  }

  /**
   * Called when Next has rendered an address, which may be one that was set otherwise, or another page. It may also be one
   * that it was told before the newest; Next has then set the browser's address to that too.
   */
  rendered(params: string) {
    const isNew = params !== this.#rendered;
    this.#rendered = params;
    if (this.#params === null) return;
    const echo = isNew ? this.#told.indexOf(params) : -1;
    this.#told.splice(0, echo + 1);
    const isNewest = params === this.#params && this.#told.length === 0;
    const isOther = echo < 0 && paramsOf(location.search) !== this.#params;
    if (isNewest)
      this.#forget(); // nothing looks different
    else if (isOther || location.pathname !== page) this.left();
    else if (paramsOf(location.search) !== this.#params) this.#write("replaceState", this.#href);
  }

  /** Called when the user goes back or forward. */
  left = () => {
    if (this.#params === null) return;
    this.#forget();
    this.emit();
  };

  #forget() {
    this.#untold?.abort();
    this.#told = [];
    this.#params = null;
  }

  #set(params: string) {
    if (params === this.#params) return;
    this.#params = params;
    this.emit();
  }
}

export const address = new Address();
