import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeTask } from "@/testing/tasks";
import { matcher } from "./search";

interface Case {
  name: string;
  text: string;
  query: string;
  found: boolean;
}

const cases = JSON.parse(readFileSync("../shared/search/cases.json", "utf8")) as Case[];

test.each(cases)("$name", ({ text, query, found }) => {
  expect(matcher(query)(makeTask({ title: text, description: "" }))).toBe(found);
  expect(matcher(query)(makeTask({ title: "in the description", description: text }))).toBe(found);
});
