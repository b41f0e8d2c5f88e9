import { box, isSafe, parse, type Token } from "./parse";

/** A part of a text in Markdown: an element with what it contains, or something that contains nothing but text. */
export interface Piece extends Kind {
  pieces: Piece[];
  /** How many pieces of the text begin before this one, and before its end. */
  from: number;
  to: number;
}

interface Kind {
  /** The tag of an element, or `checkbox`, `text`, `code`, `fence` or `image`. */
  as: string;
  /** Of text, code and an image: what it says. Of a checkbox: how what is beside it begins. */
  text?: string;
  /** Of a link or an image that can do no harm. */
  href?: string;
  /** Of a numbered list: its first number. */
  start?: number;
  /** Of a cell, as CSS: how its text is aligned. */
  style?: string;
  /** Of a checkbox: its line in the text, counted from 0, and whether it is ticked. */
  line?: number;
  done?: boolean;
}

type Container = Pick<Piece, "pieces" | "to">;

/** The pieces of a text, and how many there are. */
export function piecesOf(text: string): Container {
  const whole: Container = { pieces: [], to: 0 };

  function add(container: Container, kind: Kind): Piece {
    const piece = { ...kind, pieces: [], from: whole.to, to: ++whole.to };
    container.pieces.push(piece);
    return piece;
  }

  function fill(container: Container, tokens: readonly Token[]) {
    const open = [container];
    tokens.forEach((token, i) => {
      const inside = open.at(-1) ?? container;
      if (token.nesting === -1) {
        inside.to = whole.to;
        open.pop();
      } else if (token.nesting === 1) {
        const kind = elementOf(token);
        // Of what is no element of its own, only the content is shown.
        open.push(kind ? add(inside, kind) : inside);
      } else if (token.type === "inline") {
        const begins = tokens[i - 2]?.type === "list_item_open" && tokens[i - 1]?.type === "paragraph_open";
        const checkbox = begins ? checkboxOf(token) : null;
        if (checkbox) fill(add(inside, checkbox.kind), checkbox.content);
        else fill(inside, token.children ?? []);
      } else add(inside, leafOf(token));
    });
    container.to = whole.to;
  }

  fill(whole, parse(text));
  return whole;
}

const elements = new Set([
  ...["p", "ul", "ol", "li", "blockquote", "strong", "em", "s", "h1", "h2", "h3", "h4", "h5", "h6"],
  ...["table", "thead", "tbody", "tr", "th", "td"],
]);

function elementOf(token: Token): Kind | null {
  const { tag } = token;
  if (tag === "a") return linkOf("a", token.attrGet("href"));
  // The paragraphs of a list without blank lines are hidden.
  if (token.hidden || !elements.has(tag)) return null;
  if (tag === "ol") return { as: tag, start: Number(token.attrGet("start") ?? 1) };
  const style = token.attrGet("style");
  return typeof style === "string" ? { as: tag, style } : { as: tag };
}

function linkOf(as: string, href: string | number | null): Kind | null {
  return typeof href === "string" && isSafe(href) ? { as, href } : null;
}

function leafOf(token: Token): Kind {
  const { type, content: text } = token;
  switch (type) {
    case "hr":
      return { as: "hr" };
    case "hardbreak":
    case "softbreak":
      return { as: "br" };
    case "code_inline":
      return { as: "code", text };
    case "code_block":
    case "fence":
      return { as: "fence", text };
    case "image":
      // An image from elsewhere would tell its server who reads this.
      return { as: "image", ...linkOf("image", token.attrGet("src")), text };
    default:
      return { as: "text", text };
  }
}

/** The checkbox with which the paragraph of a list item begins, and what is beside it. */
function checkboxOf({ children, content, map }: Token): { kind: Kind; content: Token[] } | null {
  const [first, ...rest] = children ?? [];
  const [mark, state] = (first?.type === "text" && box.exec(first.content)) || [];
  const line = map?.[0];
  // Brackets that are escaped, or written as entities, are only text.
  if (!first || mark === undefined || line === undefined || !box.test(content)) return null;
  const text = first.content.slice(mark.length).trimStart();
  return { kind: { as: "checkbox", text, line, done: state !== " " }, content: rest };
}

/** Whether two pieces are shown the same way, with what they contain. */
export const same = (a: Piece, b: Piece): boolean =>
  a === b ||
  (a.as === b.as &&
    a.from === b.from &&
    a.text === b.text &&
    a.href === b.href &&
    a.start === b.start &&
    a.style === b.style &&
    a.line === b.line &&
    a.done === b.done &&
    a.pieces.length === b.pieces.length &&
    a.pieces.every((piece, i) => same(piece, b.pieces[i]!)));
