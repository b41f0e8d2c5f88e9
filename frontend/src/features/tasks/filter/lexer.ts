import { quoteOpen } from "@/messages/query";
import { FilterError } from "./filter";

export type TokenKind =
  "(" | ")" | "&" | "|" | "op" | "word" | "string" | "#" | "@" | "!" | "text" | "section" | "end";

export interface Token {
  kind: TokenKind;
  /** A word in lower case, a name, or the contents of a string. */
  value: string;
  from: number;
  to: number;
}

const space = /\s+/y;
const sign = /[()&|]|[<>]=?|=/y;
const quoted = /"((?:[^"\\]|\\.)*)"/sy;
const marked = /([#@!])(?:"((?:[^"\\]|\\.)*)"|([^\s()&|"]*))/sy;
const wordsMark = /(text|section):/iy;
const word = /[^\s()&|"<>=!#@]+/y;

export const unescape = (text: string) => text.replace(/\\(.)/gsu, "$1");

/** Splits a query into tokens; the last is the end. Throws FilterError. */
export function lex(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const next = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  const add = (kind: TokenKind, value: string, length: number) => {
    tokens.push({ kind, value, from: at, to: at + length });
    at += length;
  };
  while (at < source.length) {
    let match = next(space);
    if (match) {
      at += match[0].length;
    } else if ((match = next(sign))) {
      const [text] = match;
      add(/[()&|]/.test(text) ? (text as TokenKind) : "op", text, text.length);
    } else if ((match = next(quoted))) {
      add("string", unescape(match[1] ?? ""), match[0].length);
    } else if ((match = next(marked))) {
      add(
        match[1] as TokenKind,
        match[2] === undefined ? (match[3] ?? "") : unescape(match[2]),
        match[0].length,
      );
    } else if ((match = next(wordsMark))) {
      const mark = match[1]?.toLowerCase() as "text" | "section";
      add(mark, `${mark}:`, match[0].length);
    } else if ((match = next(word))) {
      add("word", match[0].toLowerCase(), match[0].length);
    } else {
      throw new FilterError(quoteOpen(), at, source.length);
    }
  }
  tokens.push({ kind: "end", value: "", from: source.length, to: source.length });
  return tokens;
}
