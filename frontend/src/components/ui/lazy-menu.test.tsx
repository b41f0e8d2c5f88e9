import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { LazyMenu } from "./lazy-menu";
import { MenuContent, MenuItem } from "./menu";

function menu() {
  return (
    <LazyMenu trigger={(props) => <button {...props}>Order</button>}>
      <MenuContent>
        <MenuItem>Title</MenuItem>
      </MenuContent>
    </LazyMenu>
  );
}

test("a press before the menus are loaded opens the menu when they are, and Escape gives the focus back", async () => {
  const { user } = renderSignedIn(menu());
  const standIn = screen.getByRole("button", { name: "Order" });
  await user.tab();
  await user.keyboard("{Enter}");
  expect(await screen.findByRole("menuitem", { name: "Title" })).toBeVisible();
  await user.keyboard("{Escape}");
  const button = screen.getByRole("button", { name: "Order" });
  expect(button).not.toBe(standIn);
  expect(button).toHaveFocus();
  expect(button).toHaveAttribute("aria-expanded", "false");
});
