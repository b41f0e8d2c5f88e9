import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { languageStore } from "@/lib/words/language";
import { detailText, detailTexts } from "./detail-texts";
import { Problem } from "./problem";
import { problemText } from "./problem-texts";

const inServer = (text: string) => {
  const folders = ["../functions", "../shared"];
  return execFileSync("grep", ["-rlF", "--include=*.go", "--exclude=*_test.go", text, ...folders], {
    encoding: "utf8",
  });
};

test.each(detailTexts.map(([said]) => said))("the server says: %s", (said) => {
  expect(inServer(said)).not.toBe("");
});

test("details are said in the language of the page, with their numbers", async () => {
  await languageStore.choose("de");
  expect(detailText("must have 10 to 1024 characters")).toBe("Das muss 10 bis 1.024 Zeichen haben.");
  expect(detailText("this account at GitHub is already linked to yours")).toBe(
    "Dieses Konto bei GitHub ist schon mit deinem verknüpft.",
  );
  expect(detailText("is not known here")).toBeNull();
  await languageStore.choose("en");
});

test("an account that is full says of what, if it is not its space", () => {
  const full = (detail: string) => problemText(new Problem(409, "", detail, [], null, "quota-exceeded"));
  expect(full("there can be at most 10000 tags; delete one first")).toBe(
    "There can be at most 10,000 tags. Delete one first.",
  );
  expect(full("this would make 3 tasks")).toContain("Your account has reached its limit.");
});
