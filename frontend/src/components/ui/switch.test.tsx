import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Switch } from "./switch";

test("whatever moves the thumb moves it the other way from right to left", () => {
  render(<Switch aria-label="Letters" />);
  const moves = [...screen.getByRole("switch").firstElementChild!.classList].filter((name) =>
    name.includes("translate-x"),
  );
  const [mirrored, moved] = [true, false].map((rtl) =>
    moves.filter((name) => name.startsWith("rtl:") === rtl),
  );
  expect(mirrored).toEqual(moved!.map((name) => `rtl:${name.replace("translate-x", "-translate-x")}`));
  expect(moved).toHaveLength(2);
});
