import { expect, test } from "vitest";
import { toggled } from "./parse";
import { type Piece, piecesOf, same } from "./pieces";

const kinds = (pieces: readonly Piece[]): unknown[] =>
  pieces.map(({ as, pieces }) => (pieces.length > 0 ? [as, ...kinds(pieces)] : as));

test("elements contain their text, without what is no element of its own", () => {
  expect(kinds(piecesOf("# A *b*\n\n- c\n  d `e`\n\nf [h](https://i.j)").pieces)).toEqual([
    ["h1", "text", ["em", "text"]],
    ["ul", ["li", "text", "br", "text", "code"]],
    ["p", "text", ["a", "text"]],
  ]);
});

test("the pieces of a text are counted in its order", () => {
  const { pieces, to } = piecesOf("> a\n> - b\n\n|c|\n|-|\n|d|\n\n- [ ] e **f**");
  let count = 0;
  const check = (piece: Piece) => {
    expect(piece.from).toBe(count++);
    piece.pieces.forEach(check);
    expect(piece.to).toBe(count);
  };
  pieces.forEach(check);
  expect(to).toBe(count);
});

test("with one checkbox ticked, only that one and what contains it differ", () => {
  const text = "Pack\n\n- [ ] tent\n- [ ] stove\n\n> map";
  const before = piecesOf(text).pieces;
  const now = piecesOf(toggled(text, 3)).pieces;
  const [, list] = before;
  const [, ticked] = now;
  expect(before.map((piece, i) => same(piece, now[i]!))).toEqual([true, false, true]);
  expect(list!.pieces.map((piece, i) => same(piece, ticked!.pieces[i]!))).toEqual([true, false]);
});

test.each([
  ["- [ ] a", 1],
  ["1. > - [ ] a", 1],
  ["-\n  [ ] a", 1],
  ["- # [ ] a", 0],
  ["- [ ] a\n  ===", 0],
  ["- \\[ ] a", 0],
  ["- &#91; ] a", 0],
])("a checkbox is shown only where it can be ticked: %s", (text, shown) => {
  const boxes = (pieces: readonly Piece[]): Piece[] =>
    pieces.flatMap((piece) => [...(piece.as === "checkbox" ? [piece] : []), ...boxes(piece.pieces)]);
  const found = boxes(piecesOf(text).pieces);
  expect(found).toHaveLength(shown);
  for (const { line } of found) expect(toggled(text, line!)).toBe(text.replace("[ ]", "[x]"));
});
