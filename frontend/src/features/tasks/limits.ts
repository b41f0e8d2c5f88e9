import * as words from "@/messages/limits";
import type { TaskPatch } from "./task";

/** The server's limits, in characters; `tags` is the number of tags. */
export const limits = { title: 500, description: 20_000, project: 100, tag: 50, tags: 50 };

/** Characters as the server counts them: an emoji outside the basic plane is one. */
const length = (text: string) => Array.from(text).length;

const tooLong = (say: typeof words.longTitle, text: string, most: number) => {
  const has = length(text);
  return has > most ? say({ most, length: has }) : null;
};

/** What of a change the server would refuse, in words; null if nothing. */
export function overLimit({ title, description, project, section, tags }: TaskPatch): string | null {
  const long = tags?.find((tag) => length(tag) > limits.tag);
  return (
    tooLong(words.longTitle, title ?? "", limits.title) ??
    tooLong(words.longDescription, description ?? "", limits.description) ??
    tooLong(words.longProject, project ?? "", limits.project) ??
    tooLong(words.longSection, section ?? "", limits.project) ??
    (long ? tooLong(words.longTag, long, limits.tag) : null) ??
    (tags && tags.length > limits.tags ? words.manyTags({ most: limits.tags }) : null)
  );
}
