import { timeForm } from "@/lib/time/days";
import { localZone } from "@/lib/time/zone";
import { perLocale } from "@/lib/words/per-locale";
import { locale } from "@/lib/words/locale";
import * as words from "@/messages/notificationTexts";
import type { DigestReminder, Notification } from "./notification";

/** What a notification says. */
export interface Said {
  title: string;
  body: string;
}

type Args = Record<string, string>;
type Of = (args: Args, title: string) => Said | undefined;

const plain =
  (title: () => string, body: () => string): Of =>
  () => ({ title: title(), body: body() });

const named =
  (title: () => string, body: (values: { name: string }) => string): Of =>
  ({ name = "" }) => ({ title: title(), body: body({ name }) });

/** Of a notice without its day, which earlier servers wrote, nothing is known here. */
const onDay =
  (title: () => string, body: (values: { day: string }) => string): Of =>
  ({ day }) =>
    day ? { title: title(), body: body({ day: longDay(new Date(`${day}T00:00:00Z`)) }) } : undefined;

const counted = (counts: Args) => (name: string) => Number(counts[name] ?? 0);

const first = ({ titles = "", more }: Args) =>
  Number(more) > 0 ? words.andMore({ titles, count: Number(more) }) : titles;

/** What each text of the server is called and says. */
const texts: Record<string, Of> = {
  due: (args, title) => ({ title, body: words.due({ when: whenOf(args) }) }),
  "was-due": (args, title) => ({ title, body: words.wasDue({ when: whenOf(args) }) }),
  reminder: (_, title) => ({ title, body: words.reminder() }),
  digest: (args) => {
    const [overdue, upcoming] = ["overdue", "upcoming"].map(counted(args)) as [number, number];
    if (!overdue) return { title: words.upcomingTasks({ count: upcoming }), body: first(args) };
    if (!upcoming) return { title: words.overdueTasks({ count: overdue }), body: first(args) };
    return { title: words.overdueAndUpcoming({ overdue, upcoming }), body: first(args) };
  },
  "undated-digest": (args) => ({
    title: words.reminders({ count: counted(args)("count") }),
    body: first(args),
  }),

  "new-sign-in": ({ device, network = "" }) => ({
    title: words.newSignIn(),
    body: device ? words.newSignInOn({ device, network }) : words.newSignInSomewhere({ network }),
  }),
  "sign-in-refused": (args) => ({
    title: words.signInRefused(),
    body: words.signInRefusedText({ count: counted(args)("tries") }),
  }),
  "recovery-code-used": (args) => ({
    title: words.recoveryCodeUsed(),
    body: words.recoveryCodeUsedText({ count: counted(args)("left") }),
  }),
  "password-changed": plain(words.passwordChanged, words.passwordChangedText),
  "password-reset": plain(words.passwordReset, words.passwordResetText),
  "password-set-by-operator": plain(words.passwordSet, words.passwordSetText),
  "reset-link-by-admin": plain(words.resetLink, words.resetLinkText),
  "passkey-added": named(words.passkeyAdded, words.passkeyAddedText),
  "passkey-removed": plain(words.passkeyRemoved, words.passkeyRemovedText),
  "passkey-copied": named(words.passkeyCopied, words.passkeyCopiedText),
  "totp-added": plain(words.totpAdded, words.totpAddedText),
  "totp-removed": plain(words.totpRemoved, words.totpRemovedText),
  "recovery-codes-replaced": plain(words.recoveryCodes, words.recoveryCodesText),
  "sign-in-reset-by-operator": plain(words.signInReset, words.signInResetText),
  "provider-added": ({ provider = "" }) => ({
    title: words.providerAdded({ provider }),
    body: words.providerAddedText({ provider }),
  }),
  "provider-removed": ({ provider = "" }) => ({
    title: words.providerRemoved({ provider }),
    body: words.providerRemovedText({ provider }),
  }),
  "token-created": named(words.tokenCreated, words.tokenCreatedText),
  "app-connected": named(words.appConnected, words.appReadsText),
  "app-connected-to-write": named(words.appConnected, words.appWritesText),
  "sessions-ended-by-admin": plain(words.endedByAdmin, words.sessionsEndedByAdminText),
  "access-ended-by-admin": plain(words.endedByAdmin, words.accessEndedByAdminText),
  "sessions-ended-by-operator": plain(words.endedByOperator, words.sessionsEndedByOperatorText),
  "access-ended-by-operator": plain(words.endedByOperator, words.accessEndedByOperatorText),
  "account-disabled": plain(words.accountDisabled, words.accountDisabledText),
  "account-enabled": plain(words.accountEnabled, words.accountEnabledText),
  "disabled-by-operator": plain(words.accountDisabled, words.disabledByOperatorText),
  "enabled-by-operator": plain(words.accountEnabled, words.enabledByOperatorText),
  "admin-granted": plain(words.adminGranted, words.adminGrantedText),
  "admin-revoked": plain(words.adminRevoked, words.adminRevokedText),
  "deletion-requested": onDay(words.deletion, words.deletionText),
  "deletion-by-operator": onDay(words.deletion, words.deletionByOperatorText),
  "deletion-canceled": plain(words.deletionCanceled, words.deletionCanceledText),
};

/** The texts that are known, for a test that compares them with the server's. */
export const knownTexts = Object.keys(texts);

/** What a notification says in the language of the page; of texts that are not known here, the server's English. */
export function said({ title, body, content }: Notification | DigestReminder): Said {
  const of = content && Object.hasOwn(texts, content.text) ? texts[content.text] : undefined;
  return of?.(content?.args ?? {}, title) ?? { title, body };
}

const days = (options: Intl.DateTimeFormatOptions) => {
  const formats = perLocale((tag) => new Intl.DateTimeFormat(tag, { ...options, timeZone: "UTC" }));
  return (at: Date) => formats().format(at);
};
const shortDay = days({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
const longDay = days({ dateStyle: "long" });

/** When a task is due, in its zone, which is named if it is another than this device's. */
function whenOf({ due_at, due_date, timezone = localZone() }: Args): string {
  if (due_date) return shortDay(new Date(`${due_date}T00:00:00Z`));
  const options: Intl.DateTimeFormatOptions = {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    ...timeForm(),
    ...(timezone === localZone() ? {} : { timeZoneName: "short" }),
  };
  const at = new Date(due_at ?? "");
  try {
    return new Intl.DateTimeFormat(locale(), { ...options, timeZone: timezone }).format(at);
  } catch {
    return new Intl.DateTimeFormat(locale(), options).format(at); // a zone that this browser does not know
  }
}
