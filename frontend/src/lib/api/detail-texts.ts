import * as words from "@/messages/problemDetails";

/** Says a detail with what the server has inserted. */
type Say = (...inserted: string[]) => string;

const just =
  (say: () => string): Say =>
  () =>
    say();

/** What the server says of problems, as its source writes it, and how to say it in another language. */
export const detailTexts: readonly (readonly [said: string, Say])[] = [
  ["this email address is already registered", just(words.emailTaken)],
  [
    "must be an email address such as ada@example.com, of at most %d ASCII characters",
    just(words.notAnEmail),
  ],
  ["is required", just(words.required)],
  ["is missing", just(words.required)],
  ["must not be empty", just(words.required)],
  ["has no visible character", just(words.required)],
  [
    "must have %d to %d characters",
    (least, most) => words.length({ least: Number(least), most: Number(most) }),
  ],
  ["must have 1 to %d characters", (most) => words.atMost({ most: Number(most) })],
  ["must have at most %d characters", (most) => words.atMost({ most: Number(most) })],
  ["must have no control characters", just(words.controlCharacters)],
  ["must not contain control characters", just(words.controlCharacters)],
  [
    "is too easy to guess: it is, or contains little more than, a common password",
    just(words.commonPassword),
  ],
  ["must not be the email address or the name", just(words.personalPassword)],
  ["is not your password", just(words.notYourPassword)],
  ["is required: you signed in more than %.0f minutes ago", just(words.passwordAgain)],
  ["is not the app's current code", just(words.wrongCode)],
  ["has expired or was used: ask for a new link", just(words.linkUsed)],
  ["has expired or was used: sign in again", just(words.signInUsed)],
  ["must name at least one scope", just(words.noScope)],
  ["must be 1 to %d", (most) => words.range({ most: Number(most) })],
  ["has more than %d tags", (most) => words.tooManyTags({ most: Number(most) })],
  ["has more than %d reminders", (most) => words.tooManyReminders({ most: Number(most) })],
  [
    "would put the task below itself, or more than %d levels deep",
    (most) => words.tooDeep({ most: Number(most) }),
  ],
  ["would put more than %d subtasks below one task", (most) => words.tooManySubtasks({ most: Number(most) })],
  ["names no day that ever comes", just(words.noDay)],
  ["is the name of another %s; merge them instead", just(words.nameTaken)],
  ["has changed since", just(words.changedSince)],
  ["has been deleted since", just(words.deletedSince)],

  ["this is your own account: another administrator has to do that", just(words.ownAccount)],
  ["this account is disabled: enable it first", just(words.accountDisabled)],
  ["this is your only way to sign in: set a password or add a passkey first", just(words.onlyWay)],
  [
    "this server sends no mail: ask its operator for a new password (migrate user password)",
    just(words.noMail),
  ],
  [
    "passkeys need a site with a host name: the operator has to set PUBLIC_URL to one",
    just(words.passkeysNeedHost),
  ],
  ["this account has no passkey", just(words.noPasskey)],
  ["this passkey is already in use", just(words.passkeyInUse)],
  ["you already have an authenticator app: remove it first", just(words.appExists)],
  ["the app asks to return to an address that it has not registered", just(words.appReturns)],
  ["the app's request is not valid: %s", (reason) => words.appRequest({ reason })],
  ["you already have %d passkeys: remove one first", (most) => words.manyPasskeys({ most: Number(most) })],
  [
    "you have already connected %d apps: disconnect one first",
    (most) => words.manyApps({ most: Number(most) }),
  ],
  [
    "you already have %d linked accounts: remove one first",
    (most) => words.manyLinked({ most: Number(most) }),
  ],
  [
    "you already have %d personal access tokens: revoke one first",
    (most) => words.manyTokens({ most: Number(most) }),
  ],
  ["this account at %s is already linked to yours", (name) => words.linkedToYou({ name })],
  [
    "a task can have at most %d comments; delete some first",
    (most) => words.manyComments({ most: Number(most) }),
  ],
  [
    "there can be at most %d sections; delete one first",
    (most) => words.manySections({ most: Number(most) }),
  ],
  [
    "there can be at most %d projects; delete one first",
    (most) => words.manyProjects({ most: Number(most) }),
  ],
  ["there can be at most %d tags; delete one first", (most) => words.manyTags({ most: Number(most) })],
  [
    "there can be at most %d saved views; delete one first",
    (most) => words.manyViews({ most: Number(most) }),
  ],
  ["the task has changed since in the same fields", just(words.taskChanged)],
  ["the comment has changed since", just(words.commentChanged)],
  ["the view has changed since", just(words.viewChanged)],
  ["the task was deleted for good, which cannot be undone", just(words.gone)],
  ["the task cannot be what it was before", just(words.cannotReturn)],
  ["its parent task is deleted: restore that one", just(words.parentDeleted)],
  ["the task does not recur: delete it instead", just(words.notRecurring)],
  ["the occurrence is completed already", just(words.occurrenceDone)],
];

const patterns = detailTexts.map(([said, say]) => {
  const pattern = said
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/%(?:d|\\\.0f)/g, "(\\d+)")
    .replace(/%s/g, "(.+)");
  return [new RegExp(`^${pattern}$`), say] as const;
});

/** A detail of the server in the language of the page; null if it is none of those that are known. */
export function detailText(detail: string): string | null {
  for (const [pattern, say] of patterns) {
    const found = pattern.exec(detail);
    if (found) return say(...found.slice(1));
  }
  return null;
}
