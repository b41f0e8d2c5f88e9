import { missed } from "@/lib/quickadd/missed";
import { type Options, parse, type Parsed } from "@/lib/quickadd/parse";

/** A parsed text, and what of it each part says. */
export type Understood = Omit<Parsed, "parts"> & {
  parts: (Parsed["parts"][number] & { text: string })[];
  /** What looks like a date, a time or a repetition, and is in the title because it was not understood. */
  missed: string[];
};

/** Reads a task in plain language. What the user has turned down is left in the title. */
export function understand(text: string, refused: ReadonlySet<string>, options: Options): Understood {
  const plain = [...refused].flatMap((said) => [...text.matchAll(exactly(said))].map(span));
  const parsed = parse(text, { ...options, plain });
  return {
    ...parsed,
    missed: missed(text, parsed.parts, { ...options, plain }),
    parts: parsed.parts.map((part) => ({ ...part, text: text.slice(part.from, part.to) })),
  };
}

const exactly = (said: string) => new RegExp(said.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi");

const span = (match: RegExpExecArray): [number, number] => [match.index, match.index + match[0].length];
