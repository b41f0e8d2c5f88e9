/** A word of the text: what stands between two spaces. */
export interface Token {
  /** As it is spelled, without the punctuation after it. */
  text: string;
  /** The same in lower case (ASCII); empty in quotes. */
  word: string;
  /** The punctuation after it. */
  trail: string;
  /** Where it begins. */
  from: number;
  /** Where it ends, without the punctuation after it. */
  to: number;
}

/** Where the token ends, with the punctuation after it. */
export const end = (token: Token): number => token.to + token.trail.length;

/** Whether the token is a sign that only joins: "gas bill - friday". */
export const joiner = (token: Token): boolean => ["", "-", "–", "—", "|", "/", "·", "•"].includes(token.text);

/** Splits a text into words. Those between the ends of a range of `plain` are title whatever they say. */
export function tokenize(text: string, plain: readonly (readonly [number, number])[]): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(word)) {
    const all = match[0];
    const text = lower(all) === "every!" ? all : all.replace(trailing, "");
    const from = match.index;
    const to = from + text.length;
    tokens.push({ text, word: lower(text), trail: all.slice(text.length), from, to });
  }
  quote(tokens);
  for (const token of tokens) {
    if (plain.some(([from, to]) => token.from < to && token.to > from)) token.word = "";
  }
  return tokens;
}

// The same spaces as in functions/tasks/internal/quickadd, whatever version of Unicode each is built with.
const spaces = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";
const word = new RegExp(`[^${spaces}]+`, "g");
const ends = new RegExp(`^[${spaces}]+|[${spaces}]+$`, "g");
const trailing = /[.,;:!?…]+$/;

/** Removes the spaces at both ends. */
export const trim = (text: string): string => text.replace(ends, "");

/** The sign that ends a quotation for each sign that begins one. */
const closing: Record<string, string | undefined> = {
  '"': '"',
  "'": "'",
  "“": "”",
  "„": "“”",
  "‘": "’",
  "«": "»",
};

/** Empties the words inside quotations: they are title whatever they say. */
function quote(tokens: Token[]): void {
  for (let i = 0; i < tokens.length; i++) {
    const closes = closing[tokens[i]!.text[0] ?? ""];
    if (!closes) continue;
    for (let j = i; j < tokens.length; j++) {
      const { text } = tokens[j]!;
      const last = text.at(-1);
      if (!last || !closes.includes(last) || (j === i && text.length < 2)) continue;
      for (; i < j; i++) tokens[i]!.word = "";
      tokens[j]!.word = "";
      break;
    }
  }
}

/** Changes A to Z only, so that both grammars agree. */
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
