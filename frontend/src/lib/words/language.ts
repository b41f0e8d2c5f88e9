import { Emitter } from "@/lib/store/emitter";
import { translateProblems } from "@/lib/api/problem";
import { browserLanguage, isLanguage, type Language, language, languages, setLanguage } from "./locale";
import { setCatalogue } from "./message";

export const languageKey = "taskwire.language";

const catalogues = {
  de: () => import("@/messages/de"),
  es: () => import("@/messages/es"),
};

class LanguageStore extends Emitter {
  #ready: Promise<unknown> = Promise.resolve();
  /** The language that is to be shown once its catalogue is there: catalogues may arrive in another order. */
  #wanted: Language = language();

  /** What the user has chosen here; null is the browser's language. */
  chosen = (): Language | null => {
    try {
      const kept = localStorage.getItem(languageKey) ?? "";
      return isLanguage(kept) ? kept : null;
    } catch {
      return null;
    }
  };

  /** Resolves when the choice is shown; to false if a later one replaced it. */
  choose(choice: Language | null): Promise<boolean> {
    try {
      if (choice) localStorage.setItem(languageKey, choice);
      else localStorage.removeItem(languageKey);
    } catch {
      // Without storage it lasts as long as the page.
    }
    this.emit();
    return this.#show(choice ?? browserLanguage());
  }

  /** Resolves when the page is in the language that it is to begin with. */
  ready = () => this.#ready;

  /** Shows the right language, and follows the other tabs. */
  watch(): () => void {
    const follow = () => this.#show(this.chosen() ?? browserLanguage());
    // Rendering everything anew would discard what is being written or shown only once, so the change waits until the tab is shown again.
    const followIdle = () => void (inUse() || follow());
    const stored = (event: StorageEvent) => {
      if (event.key === languageKey) followIdle();
    };
    this.#ready = follow();
    window.addEventListener("storage", stored);
    document.addEventListener("visibilitychange", followIdle);
    return () => {
      window.removeEventListener("storage", stored);
      document.removeEventListener("visibilitychange", followIdle);
    };
  }

  async #show(next: Language): Promise<boolean> {
    this.#wanted = next;
    try {
      if (next === language()) return true;
      if (next === "en") {
        setCatalogue(null);
        translateProblems(null);
      } else {
        const [words, problems, details] = await Promise.all([
          catalogues[next](),
          import("@/lib/api/problem-texts"),
          import("@/lib/api/detail-texts"),
        ]);
        if (this.#wanted !== next) return false;
        setCatalogue(words.catalogue);
        translateProblems({ problem: problems.problemText, detail: details.detailText });
      }
      setLanguage(next);
      this.emit();
    } catch {
      // Offline before the catalogue was ever fetched: English is better than nothing.
    } finally {
      document.documentElement.lang = language();
      document.documentElement.dir = languages[language()].dir;
      delete document.documentElement.dataset.waiting;
    }
    return this.#wanted === next;
  }
}

/** Whether a dialog is open, or something is written in a field. */
function inUse(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "textarea, input:not([type=checkbox], [type=radio], [type=hidden])",
  );
  return (
    document.querySelector("[role=dialog], [role=alertdialog]") !== null ||
    [...fields].some((field) => field.value !== "")
  );
}

export const languageStore = new LanguageStore();

/** Hides the page until its language is there, if it is not English. It is inlined into the page's head. */
export const languageScript = `try{var l=localStorage.getItem("${languageKey}")}catch(e){}l=[l].concat(navigator.languages).map(function(t){return(t||"").split("-")[0].toLowerCase()}).find(function(t){return/^(${Object.keys(languages).join("|")})$/.test(t)});if(l&&l!=="en")document.documentElement.dataset.waiting=""`;
