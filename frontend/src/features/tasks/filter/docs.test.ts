import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatFilter } from "./format";
import { parseFilter } from "./parser";
import { dateFields, dateOps, states, things } from "./filter";

const page = readFileSync("../docs/views.md", "utf8");
const examples = [...page.matchAll(/^\| `(.+?)` \|/gm)].map(([, text]) => text!.replaceAll("\\|", "|"));

test.each(examples)("the documented query %s is one", (query) => {
  const filter = parseFilter(query);
  expect(parseFilter(formatFilter(filter))).toEqual(filter);
});

test("every word is documented", () => {
  expect(examples.length).toBeGreaterThan(25);
  for (const word of [...dateFields, ...dateOps, ...states, ...things]) expect(page).toContain(`\`${word}`);
});
