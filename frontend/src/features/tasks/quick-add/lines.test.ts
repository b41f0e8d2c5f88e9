import { expect, test } from "vitest";
import { linesOf } from "./lines";

test.each<[string, string[]]>([
  ["one line", []],
  ["one line\n\n", []],
  ["milk\nbread", ["milk", "bread"]],
  ["- milk\r\n* bread\n• eggs", ["milk", "bread", "eggs"]],
  ["1. first\n2) second", ["first", "second"]],
  ["- [ ] open\n- [x] done\n☐ boxed", ["open", "done", "boxed"]],
  ["-5 degrees\n2026 budget", ["-5 degrees", "2026 budget"]],
])("%j", (text, expected) => {
  expect(linesOf(text)).toEqual(expected);
});
