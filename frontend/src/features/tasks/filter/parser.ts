import * as say from "@/messages/query";
import { priorities } from "../task";
import {
  type Comparison,
  comparisons,
  type DateField,
  dateFields,
  dateOps,
  type Day,
  type Filter,
  FilterError,
  maxQuery,
  type State,
  states,
  things,
  type Unit,
  units,
  weekdays,
} from "./filter";
import { lex, type Token } from "./lexer";
import { dayExamples, dayStarts, days, isDate, operators, starts, turns } from "./words";

/** Reads a query. Throws FilterError, which says what is wrong and where. */
export function parseFilter(source: string): Filter {
  if (source.length > maxQuery)
    throw new FilterError(say.tooLong({ most: maxQuery }), maxQuery, source.length);
  return new Parser(source, lex(source)).parse();
}

/** What could follow the tokens, such as `before` and `friday` after `due`; nothing if they make no sense. */
export function expectedAfter(source: string, tokens: Token[]): string[] {
  const parser = new Parser(source, tokens);
  try {
    parser.parse();
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
  }
  return parser.expectedAt(tokens.length - 1);
}

const oneOf = <T extends string>(list: readonly T[], word: string) => list.find((one) => one === word);

/** The index of a weekday, of which three letters are enough; -1 for other words. */
const weekdayOf = (word: string) =>
  word.length < 3 ? -1 : weekdays.findIndex((name) => name.startsWith(word));

class Parser {
  #at = 0;
  #expected = new Map<number, string[]>();

  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
  ) {}

  expectedAt = (at: number): string[] => [...new Set(this.#expected.get(at))];

  parse(): Filter {
    const filter = this.#any();
    const { kind } = this.#now;
    if (kind === ")") this.#fail(say.closesNothing());
    if (kind !== "end") this.#fail(say.joinBefore(this.#quote()));
    return filter;
  }

  #any(): Filter {
    return this.#list("or", "|", () => this.#list("and", "&", () => this.#one()));
  }

  #list(kind: "and" | "or", sign: "&" | "|", part: () => Filter): Filter {
    const parts = [part()];
    while (this.#takeSign(sign, kind)) parts.push(part());
    const [only] = parts;
    return only && parts.length === 1 ? only : { kind, parts };
  }

  #takeSign(sign: "&" | "|", name: string): boolean {
    this.#expect([sign]);
    const { kind, value } = this.#now;
    if (kind !== sign && !(kind === "word" && value === name)) return false;
    this.#at++;
    return true;
  }

  #one(): Filter {
    this.#expect(starts);
    const token = this.#now;
    switch (token.kind) {
      case "(":
        return this.#parenthesis(token);
      case "#":
      case "@":
        this.#at++;
        if (!token.value) this.#fail(token.kind === "#" ? say.nameProject() : say.nameTag(), token);
        return { kind: token.kind === "#" ? "project" : "tag", text: token.value };
      case "!":
        this.#at++;
        return { kind: "priority", op: "=", priority: this.#priority(token.value.toLowerCase(), token) };
      case "string":
      case "text":
        return { kind: "text", text: this.#text(token) };
      case "section":
        return { kind: "section", text: this.#text(token) };
      case "word":
        this.#at++;
        return this.#word(token);
      default: {
        const before = this.tokens[this.#at - 1];
        if (!before && token.kind === "end") this.#fail(say.empty());
        this.#fail(before ? say.conditionMissing(this.#quote(before)) : say.beginWithCondition());
      }
    }
  }

  #parenthesis(open: Token): Filter {
    this.#at++;
    const inner = this.#any();
    this.#expect([")"]);
    if (this.#now.kind === "end") this.#fail(say.notClosed(), open);
    if (this.#now.kind !== ")") this.#fail(say.joinBefore(this.#quote()));
    this.#at++;
    return inner;
  }

  #word(token: Token): Filter {
    const { value } = token;
    switch (value) {
      case "not":
        return { kind: "not", part: this.#one() };
      case "no":
      case "has":
        return { kind: "has", what: this.#thing(), has: value === "has" };
      case "priority":
        return this.#comparison();
    }
    const field = oneOf(dateFields, value);
    if (field === "completed" && !this.#beginsDate()) return { kind: "state", state: "completed" };
    if (field) return this.#date(field);
    const state = oneOf<State>(states, value);
    if (state) return { kind: "state", state };
    if (days.has(value) || turns.has(value)) {
      this.#at--;
      return this.#date("due");
    }
    this.#fail(say.noCondition({ ...this.#quote(token), example: `text: ${value}` }), token);
  }

  #text(mark: Token): string {
    this.#at++;
    if (mark.kind === "string") return this.#words(mark.value, mark);
    const first = this.#now;
    if (first.kind === "string") {
      this.#at++;
      // In quotation marks a name has all its spaces.
      const isName = mark.kind === "section" && first.value.trim();
      return isName ? first.value : this.#words(first.value, first, mark);
    }
    let last: Token = mark;
    while (this.#now.kind === "word" && !["and", "or"].includes(this.#now.value)) {
      last = this.#now;
      this.#at++;
    }
    return this.#words(last === mark ? "" : this.source.slice(first.from, last.to), mark);
  }

  #words(text: string, token: Token, mark = token): string {
    if (!text.trim())
      this.#fail(say.wordsMissing({ mark: `${mark.kind === "section" ? "section" : "text"}:` }), token);
    return text.trim().replace(/\s+/gu, " ");
  }

  #thing() {
    this.#expect([...things]);
    const { kind, value } = this.#now;
    const what = kind === "word" ? (value === "tag" ? "tags" : oneOf(things, value)) : undefined;
    if (!what) this.#fail(say.oneOf({ words: things.join(", ") }));
    this.#at++;
    return what;
  }

  #comparison(): Filter {
    this.#expect(["is", ...comparisons]);
    const { kind, value } = this.#now;
    const op = kind === "op" ? (value as Comparison) : kind === "word" && value === "is" ? "=" : undefined;
    if (!op) this.#fail(say.comparePriority({ first: "priority is high", second: "priority >= medium" }));
    this.#at++;
    this.#expect([...priorities]);
    const token = this.#now;
    if (token.kind === "end") this.#fail(say.priorityMissing({ words: priorities.join(", ") }));
    this.#at++;
    return { kind: "priority", op, priority: this.#priority(token.value, token) };
  }

  #priority(name: string, token: Token) {
    const priority = oneOf(priorities, name);
    if (!priority) this.#fail(say.notPriority({ words: priorities.join(", ") }), token);
    return priority;
  }

  /** Whether a day, or how it is compared, follows `completed`. */
  #beginsDate(): boolean {
    this.#expect([...dateOps, ...dayStarts]);
    const { kind, value } = this.#now;
    if (kind === "op") return true;
    const isStart = dayStarts.includes(value) || weekdayOf(value) >= 0 || /^\d/.test(value);
    return kind === "word" && (isStart || !!oneOf(dateOps, value));
  }

  #date(field: DateField): Filter {
    this.#expect([...dateOps, ...dayStarts]);
    const { kind, value } = this.#now;
    const op = kind === "op" ? operators.get(value) : kind === "word" ? oneOf(dateOps, value) : undefined;
    if (op) this.#at++;
    else if (kind === "word" && (value === "next" || value === "last")) {
      const within = this.#within(field, value === "last");
      if (within) return within;
    }
    return { kind: "date", field, op: op ?? "on", day: this.#day() };
  }

  /** `next 7 days`, or null if it is `next week`. */
  #within(field: DateField, back: boolean): Filter | null {
    const number = this.tokens[this.#at + 1];
    this.#expect(["7", "week", "month"], this.#at + 1);
    if (number?.kind !== "word" || !/^\d/.test(number.value)) return null;
    this.#at++;
    const n = this.#number();
    return { kind: "within", field, back, n, unit: this.#unit() };
  }

  #day(): Day {
    this.#expect(dayStarts);
    const token = this.#now;
    const { value } = token;
    if (token.kind !== "word") this.#fail(say.writeDay({ examples: dayExamples }));
    this.#at++;
    const n = days.get(value);
    if (n !== undefined) return { kind: "away", n, unit: "day" };
    const weekday = weekdayOf(value);
    if (weekday >= 0) return { kind: "weekday", weekday };
    if (value === "in") {
      this.#expect(["3"]);
      return { kind: "away", n: this.#number(), unit: this.#unit() };
    }
    const turn = turns.get(value);
    if (turn !== undefined) {
      this.#expect(["week", "month"]);
      const unit = this.#now.kind === "word" ? oneOf(["week", "month"], this.#now.value) : undefined;
      if (!unit) this.#fail(say.weekOrMonth({ week: "week", month: "month", word: value }));
      this.#at++;
      return { kind: "period", n: turn, unit };
    }
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
      if (!isDate(value)) this.#fail(say.noSuchDay({ date: value }), token);
      return { kind: "date", date: value };
    }
    if (/^\d+$/.test(value)) {
      this.#at--;
      const n = this.#number();
      const unit = this.#unit();
      this.#expect(["ago"]);
      if (this.#now.kind !== "word" || this.#now.value !== "ago")
        this.#fail(say.aheadOrAgo({ ahead: `in ${n} ${unit}s`, ago: `${n} ${unit}s ago` }), token);
      this.#at++;
      return { kind: "away", n: n === 0 ? 0 : -n, unit };
    }
    this.#fail(say.notDay({ ...this.#quote(token), examples: dayExamples }), token);
  }

  #number(): number {
    const { kind, value } = this.#now;
    if (kind !== "word" || !/^\d{1,4}$/.test(value)) this.#fail(say.number());
    this.#at++;
    return Number(value);
  }

  #unit(): Unit {
    this.#expect(units.map((unit) => `${unit}s`));
    const { kind, value } = this.#now;
    const unit = kind === "word" ? units.find((one) => value === one || value === `${one}s`) : undefined;
    if (!unit) this.#fail(say.oneOf({ words: units.map((one) => `${one}s`).join(", ") }));
    this.#at++;
    return unit;
  }

  get #now(): Token {
    return this.tokens[this.#at] as Token;
  }

  #expect(words: readonly string[], at = this.#at) {
    const known = this.#expected.get(at);
    if (known) known.push(...words);
    else this.#expected.set(at, [...words]);
  }

  #quote = ({ from, to }: Token = this.#now) => ({ word: this.source.slice(from, to) });

  #fail(message: string, { from, to }: Token = this.#now): never {
    throw new FilterError(message, from, to);
  }
}
