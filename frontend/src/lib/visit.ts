/** What this tab went to a provider for. */
export interface Visit {
  purpose: "sign-in" | "link" | "confirm";
  /** The provider's id. */
  provider: string;
  /** The provider's name. */
  name: string;
  /** The page of this app to come back to. */
  back: string;
}

const key = "taskwire.visit";

/** Opens the page of a provider, and remembers what for. */
export function visit(url: string, what: Visit) {
  sessionStorage.setItem(key, JSON.stringify(what));
  location.assign(url);
}

/** What this tab went to a provider for; a second call finds nothing. */
export function takeVisit(): Visit | null {
  const kept = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  return kept ? (JSON.parse(kept) as Visit) : null;
}

const confirmedKey = "taskwire.confirmed";
/** The server accepts a confirmation for five minutes. */
const lasts = 4 * 60_000;

export const rememberConfirmed = () => sessionStorage.setItem(confirmedKey, String(Date.now()));
export const forgetConfirmed = () => sessionStorage.removeItem(confirmedKey);

/** Whether the user of this tab has confirmed at a provider a moment ago. */
export const confirmedLately = () =>
  typeof sessionStorage !== "undefined" &&
  Date.now() - Number(sessionStorage.getItem(confirmedKey) ?? 0) < lasts;
