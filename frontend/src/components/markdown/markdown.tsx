"use client";

import { createElement, memo, type ReactNode } from "react";
import { cn } from "@/lib/cn";
import { image } from "@/messages/markdown";
import { box, isSafe, parse, type Token } from "./parse";

interface MarkdownProps {
  text: string;
  /** Called with the line of a checkbox that the user ticks or clears. */
  onToggle: (line: number) => void;
}

/**
 * Shows a text in Markdown. Its tokens become elements of a fixed set, with attributes that are checked one by one: no
 * HTML is ever made from the text.
 */
export const Markdown = memo(function Markdown({ text, onToggle }: MarkdownProps) {
  return <div className="space-y-2 leading-relaxed wrap-anywhere">{blocks(parse(text), onToggle)}</div>;
});

const styles: Record<string, string> = {
  h1: "pt-1 text-base font-semibold text-ink",
  h2: "pt-1 text-base font-semibold text-ink",
  h3: "pt-1 font-semibold text-ink",
  h4: "pt-1 font-semibold text-ink",
  h5: "font-semibold",
  h6: "font-semibold",
  ul: "list-disc space-y-1 ps-5 has-[>li>label]:list-none has-[>li>label]:ps-0 [li>label~&]:ps-6.5!",
  ol: "list-decimal space-y-1 ps-6",
  li: "space-y-1 marker:text-ink-3",
  blockquote: "space-y-2 border-s-2 border-line-2 ps-3 text-ink-3",
  table: "w-full border-collapse text-sm",
  th: "border border-line-2 bg-sunken px-2 py-1 text-start font-semibold",
  td: "border border-line-2 px-2 py-1",
  hr: "border-line-2",
  strong: "font-semibold text-ink",
};

/** The headings of the page come first: the title of a task is not below those of its description. */
const headings: Record<string, string> = { h1: "h4", h2: "h5", h3: "h6", h4: "h6", h5: "h6", h6: "h6" };

const elements = new Set([
  ...["p", "ul", "ol", "li", "blockquote", "hr", "br", "strong", "em", "s"],
  ...["table", "thead", "tbody", "tr", "th", "td", ...Object.keys(headings)],
]);

type Toggle = MarkdownProps["onToggle"];

/** Builds the elements of tokens, which open and close them. */
function build(
  tokens: readonly Token[],
  leaf: (token: Token, before: readonly Token[]) => ReactNode,
): ReactNode[] {
  const stack: { token: Token; children: ReactNode[] }[] = [];
  const root: ReactNode[] = [];
  tokens.forEach((token, i) => {
    const children = stack.at(-1)?.children ?? root;
    if (token.nesting === 1) stack.push({ token, children: [] });
    else if (token.nesting === 0) children.push(<Keyed key={i}>{leaf(token, tokens.slice(i - 2, i))}</Keyed>);
    else {
      const done = stack.pop();
      const parent = stack.at(-1)?.children ?? root;
      if (done) parent.push(<Keyed key={i}>{element(done.token, done.children)}</Keyed>);
    }
  });
  return root;
}

const Keyed = ({ children }: { children: ReactNode }) => children;

function element(token: Token, children: ReactNode[]): ReactNode {
  const { tag } = token;
  // The paragraphs of a list without blank lines.
  if (token.hidden) return children;
  if (tag === "a") return <Link href={token.attrGet("href")}>{children}</Link>;
  if (!elements.has(tag)) return children;
  const start = tag === "ol" ? Number(token.attrGet("start") ?? 1) : undefined;
  const made = createElement(
    headings[tag] ?? tag,
    { className: cn(styles[tag], alignment(token)), ...(start === undefined ? {} : { start }) },
    ...children,
  );
  return tag === "table" ? <div className="overflow-x-auto">{made}</div> : made;
}

const alignments: Record<string, string> = {
  "text-align:right": "text-end",
  "text-align:center": "text-center",
};
const alignment = (token: Token) => alignments[token.attrGet("style") ?? ""];

function blocks(tokens: readonly Token[], onToggle: Toggle): ReactNode[] {
  return build(tokens, (token, before) => {
    if (token.type === "inline") return inline(token, before[0]?.type === "list_item_open" ? onToggle : null);
    if (token.tag === "hr") return <hr className={styles.hr} />;
    return (
      <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 text-[0.8125rem]" tabIndex={0}>
        <code>{token.content}</code>
      </pre>
    );
  });
}

/** The content of a block; of a list item that begins with a checkbox, with it. */
function inline(token: Token, onToggle: Toggle | null): ReactNode {
  const children = token.children ?? [];
  const [first] = children;
  const [mark, state] = (onToggle && first?.type === "text" && box.exec(first.content)) || [];
  const line = token.map?.[0];
  if (!first || mark === undefined || line === undefined) return spans(children);
  const done = state !== " ";
  return (
    <label className="flex min-h-6 cursor-pointer items-start gap-2.5 pointer-coarse:py-2.5">
      <input
        type="checkbox"
        checked={done}
        onChange={() => onToggle?.(line)}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <span className={cn("min-w-0", done && "text-ink-3 line-through")}>
        {first.content.slice(mark.length).trimStart()}
        {spans(children.slice(1))}
      </span>
    </label>
  );
}

function spans(tokens: readonly Token[]): ReactNode[] {
  return build(tokens, (token) => {
    switch (token.type) {
      case "hardbreak":
      case "softbreak":
        return <br />;
      case "code_inline":
        return <code className="rounded bg-sunken px-1 py-0.5 text-[0.875em]">{token.content}</code>;
      case "image":
        // An image from elsewhere would tell its server who reads this.
        return <Link href={token.attrGet("src")}>{token.content || image()}</Link>;
      default:
        return token.content;
    }
  });
}

/** A link to another site, which is not told where it was. */
function Link({ href, children }: { href: string | number | null; children: ReactNode }) {
  if (typeof href !== "string" || !isSafe(href)) return children;
  return (
    <a
      href={href}
      title={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent underline underline-offset-2"
    >
      {children}
    </a>
  );
}
