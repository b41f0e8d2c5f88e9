/** Descriptions that are as long as one may be and hard to read, by their kinds. */
export const longTexts = {
  quotes: ">".repeat(20_000),
  lists: "- + ".repeat(5_000),
  brackets: "[".repeat(20_000),
  links: "[a](".repeat(5_000),
  stars: "*a_ ".repeat(5_000),
  backticks: Array.from({ length: 198 }, (_, i) => "`".repeat(i)).join(" "),
  checkboxes: "- [ ] a\n".repeat(2_500),
  cells: `|${"a|".repeat(60)}\n|${"-|".repeat(60)}\n${`|${"b|".repeat(60)}\n`.repeat(160)}`,
  addresses: "https://a.b/".repeat(1_600),
  entities: "&#x6A;".repeat(3_300),
  text: "A line of words, as people write them.\n".repeat(500),
};
