import { beforeEach, expect, test, vi } from "vitest";
import { session } from "@/lib/session/session";
import { sessionAnswer } from "@/testing/server";
import { ListMemory } from "./list-memory";
import { plainQuery } from "./view/query";

const today = { ...plainQuery, view: "today" as const };
const home = { ...plainQuery, project: "Home" };

beforeEach(() => void session.enter(sessionAnswer()));

test("what two tabs remember is kept, of one list too", () => {
  const [one, two] = [new ListMemory(), new ListMemory()];
  expect([one.of(today), two.of(today)]).toEqual([{}, {}]);
  one.remember(today, { sort: "title" });
  two.remember(home, { layout: "board" });
  two.remember(today, { group: "project" });
  one.remember(home, { collapsed: ["s1"] });
  const later = new ListMemory();
  expect(later.of(today)).toEqual({ sort: "title", group: "project" });
  expect(later.of(home)).toEqual({ layout: "board", collapsed: ["s1"] });
});

test("what the browser does not store is remembered until the page is closed", () => {
  const one = new ListMemory();
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  one.remember(today, { sort: "title" });
  one.remember(home, { layout: "board" });
  expect([one.of(today), one.of(home)]).toEqual([{ sort: "title" }, { layout: "board" }]);
});
