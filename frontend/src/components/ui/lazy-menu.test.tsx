import { fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { LazyMenu } from "./lazy-menu";
import { MenuContent, MenuItem } from "./menu";

function menu(onTitle?: () => void) {
  return (
    <LazyMenu trigger={(props) => <button {...props}>Order</button>}>
      <MenuContent>
        <MenuItem onSelect={onTitle}>Title</MenuItem>
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

test.each(["Enter", " "])("a key that is held opens the menu and chooses nothing: %j", async (key) => {
  const chosen = vi.fn();
  const { user } = renderSignedIn(menu(chosen));
  await user.tab();
  fireEvent.keyDown(screen.getByRole("button", { name: "Order" }), { key });
  const item = await screen.findByRole("menuitem", { name: "Title" });
  item.focus();
  fireEvent.keyDown(item, { key, repeat: true });
  expect(chosen).not.toHaveBeenCalled();
  fireEvent.keyDown(item, { key });
  expect(chosen).toHaveBeenCalledOnce();
});
