"use client";

import { createElement, memo, type ReactNode } from "react";
import { cn } from "@/lib/cn";
import { image } from "@/messages/markdown";
import { type Piece, piecesOf, same } from "./pieces";
import { useGrowing } from "./use-growing";

interface MarkdownProps {
  text: string;
  /** Called with the line of a checkbox that the user ticks or clears. */
  onToggle: (line: number) => void;
}

/**
 * Shows a text in Markdown. Its pieces become elements of a fixed set, with attributes that are checked one by one: no
 * HTML is ever made from the text. A long text is shown bit by bit, so that the user never waits for all of it.
 */
export const Markdown = memo(function Markdown({ text, onToggle }: MarkdownProps) {
  const whole = piecesOf(text);
  const until = useGrowing(whole.to);
  return (
    <div className="space-y-2 leading-relaxed wrap-anywhere">
      {shown({ pieces: whole.pieces, until, onToggle, dir: "auto" })}
    </div>
  );
});

interface Shown {
  /** How many pieces of the text are shown. */
  until: number;
  onToggle: MarkdownProps["onToggle"];
  /**
   * The direction of the outermost blocks, which is that of their first letter. What is in them has the same: a block whose items had
   * directions of their own would have none for its bullets and its indent.
   */
  dir?: "auto";
}

const shown = ({ pieces, until, onToggle, dir }: Shown & { pieces: readonly Piece[] }): ReactNode =>
  pieces.map((piece, i) =>
    piece.from < until ? (
      <Part key={i} piece={piece} until={Math.min(until, piece.to)} onToggle={onToggle} dir={dir} />
    ) : null,
  );

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

const alignments: Record<string, string> = {
  "text-align:right": "text-end",
  "text-align:center": "text-center",
};

/** A piece with what it contains. One that is as it was before, up to where it is shown, is not rendered again. */
const Part = memo(
  function Part({ piece, until, onToggle, dir }: Shown & { piece: Piece }) {
    const content = shown({ pieces: piece.pieces, until, onToggle });
    const { as } = piece;
    switch (as) {
      case "text":
        return piece.text;
      case "br":
        return <br />;
      case "hr":
        return <hr className={styles.hr} />;
      case "code":
        return <code className="rounded bg-sunken px-1 py-0.5 text-[0.875em]">{piece.text}</code>;
      case "fence":
        return (
          <pre
            dir={dir}
            className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 text-[0.8125rem]"
            tabIndex={0}
          >
            <code>{piece.text}</code>
          </pre>
        );
      case "a":
        return <Link href={piece.href}>{content}</Link>;
      case "image":
        return <Link href={piece.href}>{piece.text || image()}</Link>;
      case "checkbox":
        return (
          <Checkbox piece={piece} onToggle={onToggle}>
            {content}
          </Checkbox>
        );
      case "table":
        return (
          <div dir={dir} className="overflow-x-auto">
            <table className={styles.table}>{content}</table>
          </div>
        );
      default:
        return createElement(
          headings[as] ?? as,
          { className: cn(styles[as], alignments[piece.style ?? ""]), start: piece.start, dir },
          content,
        );
    }
  },
  (before, now) =>
    before.until === now.until && before.onToggle === now.onToggle && same(before.piece, now.piece),
);

/** A list item that can be ticked off. */
function Checkbox({
  piece: { text, line, done },
  onToggle,
  children,
}: Pick<Shown, "onToggle"> & { piece: Piece; children: ReactNode }) {
  return (
    <label className="flex min-h-6 cursor-pointer items-start gap-2.5 pointer-coarse:py-2.5">
      <input
        type="checkbox"
        checked={done}
        onChange={() => line !== undefined && onToggle(line)}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <span className={cn("min-w-0", done && "text-ink-3 line-through")}>
        {text}
        {children}
      </span>
    </label>
  );
}

/** A link to another site, which is not told where it was. */
function Link({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (href === undefined) return children;
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
