import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { longTexts } from "@/testing/long-texts";
import { Markdown } from "./markdown";
import { toggled } from "./parse";

const show = (text: string, onToggle = vi.fn()) =>
  render(<Markdown text={text} onToggle={onToggle} />).container;

test("text, links, lists, tables and code become elements", () => {
  const page = show(
    [
      "# Plan\nA **bold** and *soft* ~~old~~ `word`",
      "next line, see [the site](https://example.org/a?b=c) or https://example.org/x",
      "\n> quoted\n\n1. one\n2. two\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```js\n<b>code</b>\n```\n\n---",
    ].join("\n"),
  );
  expect(screen.getByRole("heading", { level: 4 })).toHaveTextContent("Plan");
  for (const tag of ["strong", "em", "s", "code", "blockquote", "ol", "table", "pre", "hr", "br"])
    expect(page.querySelector(tag), tag).not.toBeNull();
  const links = screen.getAllByRole("link");
  expect(links.map((link) => link.getAttribute("href"))).toEqual([
    "https://example.org/a?b=c",
    "https://example.org/x",
  ]);
  for (const link of links) {
    expect(link).toHaveAttribute("rel", "noopener noreferrer nofollow");
    expect(link).toHaveAttribute("target", "_blank");
  }
  expect(page.querySelector("pre")).toHaveTextContent("<b>code</b>");
});

test.each([
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "[a](javascript:alert(1))",
  "[a](JaVaScRiPt:alert(1))",
  "[a](java&#115;cript:alert(1))",
  "[a](&#x6A;avascript:alert(1))",
  "[a](\tjavascript:alert(1))",
  "[a](data:text/html,<script>alert(1)</script>)",
  "![a](data:image/svg+xml;base64,PHN2Zz4=)",
  "![a](javascript:alert(1))",
  "[a](vbscript:x) [b](file:///etc/passwd) [c](//evil.example) [d](/settings)",
  "<javascript:alert(1)>",
  "[a]: javascript:alert(1)\n\n[a]",
  '<a href="https://example.org" onclick="alert(1)">x</a>',
  '[a](https://example.org "x\\" onmouseover=alert(1)")',
  "<svg/onload=alert(1)><style>*{display:none}</style><iframe src=//evil>",
  "**<b onclick=alert(1)>** > - [ ] <details open ontoggle=alert(1)>",
])("nothing in a text is run, loaded or followed unasked: %s", (text) => {
  const page = show(text);
  expect(page.querySelector("script, img, svg, style, iframe, object, embed, form, details, b")).toBeNull();
  for (const element of page.querySelectorAll("*"))
    for (const { name, value } of element.attributes) {
      expect(name).not.toMatch(/^on|^style$|^src/);
      if (name === "href") expect(value).toMatch(/^https:\/\/example\.org/);
    }
});

test("each block has the direction of its first letter, and what is in it has the same", () => {
  const page = show("# שלום\n\nשלום\n\n- שלום\n\n> שלום\n\n| שלום |\n|---|\n\n```\nשלום\n```");
  const blocks = [...page.firstElementChild!.children];
  expect(blocks.map(({ tagName }) => tagName)).toEqual(["H4", "P", "UL", "BLOCKQUOTE", "DIV", "PRE"]);
  for (const block of blocks) {
    expect(block).toHaveAttribute("dir", "auto");
    expect(block.querySelector("[dir]")).toBeNull();
  }
});

test("an image is a link, so that its server does not learn who reads the text", () => {
  const page = show("![A cat](https://example.org/cat.png)");
  expect(page.querySelector("img")).toBeNull();
  expect(screen.getByRole("link", { name: "A cat" })).toHaveAttribute("href", "https://example.org/cat.png");
});

// How long they take is measured in bench/, not here.
test.each([
  ["quotes", "blockquote", 100, 0],
  ["lists", "li", 50, 0],
  ["brackets", "p", 1, 20_000],
  ["links", "p", 1, 20_000],
  ["stars", "p", 1, 19_999],
  ["backticks", "p", 1, 19_699],
  ["checkboxes", "input", 2_500, 2_500],
  ["cells", "td", 9_600, 9_660],
  ["addresses", "a", 2, 19_200],
  ["entities", "p", 1, 3_300],
  ["text", "br", 499, 19_000],
] as const)("20,000 characters of %s are shown", { timeout: 120_000 }, (kind, tag, count, length) => {
  const page = show(longTexts[kind]);
  expect(page.querySelectorAll(tag)).toHaveLength(count);
  expect(page.textContent).toHaveLength(length);
});

test("a long text grows where it is: what is shown of it stays", () => {
  const container = document.body.appendChild(document.createElement("div"));
  const observer = new MutationObserver(() => {});
  observer.observe(container, { childList: true, subtree: true });
  render(<Markdown text={longTexts.checkboxes} onToggle={vi.fn()} />, { container });
  const records = observer.takeRecords();
  observer.disconnect();
  expect(records.filter(({ target }) => target.nodeName === "UL").length).toBeGreaterThan(1);
  expect(records.filter(({ removedNodes }) => removedNodes.length > 0)).toEqual([]);
});

test("a checkbox says which line it is on, and only that one changes", async () => {
  const text =
    "Pack:\r\n- [ ] tent\n  - [x] pegs\n1. [ ] stove\n> - [ ] map\n- [x](https://example.org)\n[ ] no item";
  const onToggle = vi.fn();
  show(text, onToggle);
  const boxes = screen.getAllByRole("checkbox");
  expect(boxes.map((box) => (box as HTMLInputElement).checked)).toEqual([false, true, false, false]);
  for (const name of ["tent", "pegs", "stove", "map"])
    await userEvent.click(screen.getByRole("checkbox", { name }));
  expect(onToggle.mock.calls.flat()).toEqual([1, 2, 3, 4]);
  expect(toggled(text, 1)).toBe(text.replace("[ ] tent", "[x] tent"));
  expect(toggled(text, 2)).toBe(text.replace("[x] pegs", "[ ] pegs"));
  expect(toggled(toggled(text, 4), 4)).toBe(text);
  expect(toggled(text, 0)).toBe(text);
});
