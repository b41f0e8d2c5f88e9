import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { languageStore } from "@/lib/words/language";
import { detailText, detailTexts } from "./detail-texts";

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
