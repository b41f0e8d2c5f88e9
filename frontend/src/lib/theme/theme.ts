import { Emitter } from "@/lib/store/emitter";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const themeKey = "taskwire.theme";

class ThemeStore extends Emitter {
  get = (): Theme => {
    try {
      const kept = localStorage.getItem(themeKey);
      return themes.find((theme) => theme === kept) ?? "system";
    } catch {
      return "system";
    }
  };

  set(theme: Theme) {
    try {
      localStorage.setItem(themeKey, theme);
    } catch {
      // Without storage it lasts as long as the page.
    }
    this.apply(theme);
    this.emit();
  }

  apply(theme: Theme = this.get()) {
    const dark =
      theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }

  /** Follows the system and the other tabs. */
  watch(): () => void {
    const media = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => this.apply();
    const stored = (event: StorageEvent) => {
      if (event.key !== themeKey) return;
      this.apply();
      this.emit();
    };
    media.addEventListener("change", follow);
    window.addEventListener("storage", stored);
    follow(); // the system may have changed since the head of the page was read
    return () => {
      media.removeEventListener("change", follow);
      window.removeEventListener("storage", stored);
    };
  }
}

export const themeStore = new ThemeStore();

/** Sets the theme before the first paint. It is inlined into the page's head. */
export const themeScript = `try{var t=localStorage.getItem("${themeKey}")}catch(e){}document.documentElement.dataset.theme=t==="dark"||t!=="light"&&matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light"`;
