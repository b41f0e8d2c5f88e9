import { send } from "@/lib/api/send";
import { Problem, readProblem } from "@/lib/api/problem";
import type { Schema } from "@/lib/api/schema";
import { showBadge } from "@/lib/app-badge";
import { forgetOthers, forgetTasks } from "@/lib/store/database";
import { Emitter } from "@/lib/store/emitter";
import { browserPlace } from "@/lib/time/place";
import { type Account, rememberAccount, rememberedAccount } from "./account";
import { exchange, type SessionAnswer } from "./exchange";
import { endAtServer, isLeaving, setLeaving } from "./leaving";

/** `unknown` until the first exchange has a response; `in` also if the server is unavailable and the user is known. */
export interface SessionState {
  status: "unknown" | "in" | "out";
  account: Account | null;
}

type Message = { kind: "in"; answer: SessionAnswer; at: number } | { kind: "out" };

/** An access token is renewed this long before it expires. */
const margin = 60_000;

const expiryOf = (answer: SessionAnswer, at: number) => at + answer.expires_in * 1000;

class Session extends Emitter {
  state: SessionState = { status: "unknown", account: null };
  #token: { value: string; expires: number } | null = null;
  #renewing: Promise<string> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #channel: BroadcastChannel | null = null;
  #ending: Promise<unknown> = Promise.resolve();

  getState = () => this.state;

  /** Resumes the session of the refresh cookie, if there is one. */
  start() {
    if (this.#channel) return;
    this.#channel = new BroadcastChannel("taskwire.session");
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.kind === "out") this.#leave();
      else if (this.#isNewer(data.answer, data.at)) this.#accept(data.answer, data.at);
    };
    const account = rememberedAccount();
    // Another tab may sign in meanwhile.
    void forgetOthers(() => rememberedAccount()?.id);
    // No one has signed in here: there is no cookie to exchange.
    if (!account) {
      if (isLeaving()) void this.#end(null);
      return this.#setState({ status: "out", account: null });
    }
    this.#setState({ status: "in", account });
    this.renew(null).catch(() => {
      // Either the user has signed out, or the server is unavailable: then the remembered user can keep reading.
      if (this.state.status === "unknown") this.#setState({ status: "out", account: null });
    });
  }

  /** The token, renewed if it is about to expire. */
  async token(): Promise<string> {
    if (this.#token && this.#token.expires > Date.now() + 5_000) return this.#token.value;
    return this.renew(this.#token?.value ?? null);
  }

  /** A token other than the rejected one. */
  renew(refused: string | null): Promise<string> {
    this.#renewing ??= this.#renew(refused).finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  /** One exchange at a time in the whole browser: a cookie that is sent twice ends the session. */
  async #renew(refused: string | null): Promise<string> {
    return navigator.locks.request("taskwire.session", async () => {
      // Another tab may have renewed it while this one waited for the lock.
      const held = this.#token;
      if (held && held.value !== refused && held.expires > Date.now() + margin) return held.value;
      try {
        const answer = await exchange();
        this.enter(answer);
        return answer.access_token;
      } catch (error) {
        if (error instanceof Problem && error.status === 401) this.leave();
        throw error;
      }
    });
  }

  /** Replaces the session with the one that the server answers with. No exchange of the old cookie may run meanwhile. */
  async replace(start: () => Promise<SessionAnswer>): Promise<void> {
    await this.token(); // which waits for the lock itself
    await navigator.locks.request("taskwire.session", async () => this.enter(await start()));
  }

  /** Starts a session in every tab. Its cookie has replaced that of one which the server has not ended yet. */
  enter(answer: SessionAnswer) {
    setLeaving(false);
    const at = Date.now();
    this.#accept(answer, at);
    this.#channel?.postMessage({ kind: "in", answer, at } satisfies Message);
  }

  /** Takes over what the server has said of the user; other tabs learn it with their next token. */
  update(account: Account) {
    rememberAccount(account);
    this.#setState({ status: "in", account });
  }

  /** Ends the session in every tab, and at the server; false if the server did not answer, and is told later. */
  async end(): Promise<boolean> {
    const token = await this.token().catch(() => null);
    try {
      return await this.#end(token);
    } finally {
      this.leave();
    }
  }

  /** Resolves once no answer of the server may delete the cookie of a new session. */
  ended = () => this.#ending;

  #end(token: string | null): Promise<boolean> {
    const end = Promise.resolve(navigator.locks.request("taskwire.session", () => endAtServer(token)));
    this.#ending = end;
    return end;
  }

  /** Ends the session in every tab. */
  leave() {
    this.#leave();
    this.#channel?.postMessage({ kind: "out" } satisfies Message);
  }

  /**
   * Whether an answer of another tab is newer than what this tab has. After a clock was set back it looks older, so a tab does not ask
   * this about its own answers.
   */
  #isNewer(answer: SessionAnswer, at: number): boolean {
    const another = this.state.account?.id !== answer.user.id;
    return !this.#token || another || this.#token.expires <= expiryOf(answer, at);
  }

  #accept(answer: SessionAnswer, at: number) {
    const expires = expiryOf(answer, at);
    this.#token = { value: answer.access_token, expires };
    clearTimeout(this.#timer);
    // Tabs renew at different times, so that the first does it for all.
    const wait = expires - Date.now() - margin - Math.random() * 20_000;
    this.#timer = setTimeout(
      () => void this.renew(answer.access_token).catch(() => {}),
      Math.max(wait, 1000),
    );
    rememberAccount(answer.user);
    this.#setState({ status: "in", account: answer.user });
  }

  /**
   * However the session ends, here, in another tab or at the server, the browser's copy of the tasks is deleted, and the app's icon
   * counts no more.
   */
  #leave() {
    const userId = this.state.account?.id;
    clearTimeout(this.#timer);
    this.#token = null;
    rememberAccount(null);
    this.#setState({ status: "out", account: null });
    showBadge(0);
    if (userId) void forgetTasks(userId);
  }

  #setState(next: SessionState) {
    const { status, account } = this.state;
    if (status === next.status && JSON.stringify(account) === JSON.stringify(next.account)) return;
    this.state = next;
    this.emit();
  }
}

export const session = new Session();

export const accessToken = () => session.token();
export const renewAccessToken = (refused: string) => session.renew(refused);

/** What a sign-in needs after the password. */
export type SignInStep = Schema["SignInStep"];

/** Starts a session, or returns the next step to one. */
export async function open(path: string, body: unknown): Promise<SignInStep | null> {
  await session.ended();
  const response = await send("POST", path, { body }, null);
  if (!response.ok) throw await readProblem(response);
  const answer: unknown = await response.json();
  if (response.status === 202) return answer as SignInStep;
  session.enter(answer as SessionAnswer);
  return null;
}

export const signIn = (form: { email: string; password: string }) => open("/api/auth/login", form);

interface Registration {
  name: string;
  email: string;
  password: string;
  /** Unless they are given, those of the browser. */
  timezone?: string | undefined;
  week_start?: string | undefined;
}

/** Registers. The server may know fewer zones and locales than this browser: then the user gets the default ones. */
export async function signUp({ timezone, week_start, ...form }: Registration): Promise<void> {
  const here = browserPlace();
  const place = { ...here, timezone: timezone ?? here.timezone, week_start: week_start ?? here.week_start };
  try {
    await open("/api/auth/register", { ...form, ...place });
  } catch (error) {
    const unknown =
      error instanceof Problem && ["timezone", "locale", "week_start"].some((name) => error.of(name));
    if (!unknown) throw error;
    await open("/api/auth/register", form);
  }
}
