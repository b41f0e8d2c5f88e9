import { Emitter } from "@/lib/store/emitter";

/** The parameters of an address in the order and encoding of `URLSearchParams`. */
const paramsOf = (search: string) => new URLSearchParams(search).toString();

/**
 * The parameters that the address of this page was just given. Next renders a change of the address with a low priority and
 * the whole page for it; what the user sees must not wait for that. Null once Next has them.
 */
class Address extends Emitter {
  #params: string | null = null;

  get = (): string | null => this.#params;

  /** Changes the address of the page that is shown. */
  go(href: string, how: "push" | "replace" = "push") {
    if (how === "push") history.pushState(null, "", href);
    else history.replaceState(null, "", href);
    this.#set(paramsOf(location.search));
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
