import { expect, test } from "vitest";
import { sharedText } from "./shared";

const shared = (params: Record<string, string>) => sharedText(new URLSearchParams(params));
const share_url = "https://a.example/x";

test("title, text and address are one line", () => {
  expect(shared({ share_title: "A page", share_text: " Read\nthis ", share_url })).toBe(
    "A page Read this https://a.example/x",
  );
});

test("what is shared twice is there once", () => {
  expect(shared({ share_title: "A page", share_text: "A page: https://a.example/x", share_url })).toBe(
    "A page: https://a.example/x",
  );
});

test("nothing shared is nothing", () => {
  expect(shared({ view: "all", share_text: " " })).toBe("");
});
