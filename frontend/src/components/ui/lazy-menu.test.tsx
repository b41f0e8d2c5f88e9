import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { lazyItems, LazyMenu } from "./lazy-menu";
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

/** A menu that was asked for, whose content has not arrived, beside a field. */
async function waiting(content: "the code of menus" | "the items") {
  let arrive = () => {};
  const items = () => (
    <MenuContent>
      <MenuItem>Delete</MenuItem>
    </MenuContent>
  );
  const Items = lazyItems(() => new Promise<typeof items>((resolve) => (arrive = () => resolve(items))));
  const { user } = renderSignedIn(
    <>
      <LazyMenu trigger={(props) => <button {...props}>Actions</button>}>
        <Items />
      </LazyMenu>
      <input aria-label="New task" />
    </>,
  );
  const button = () => screen.getByRole("button", { name: "Actions" });
  button().focus();
  fireEvent.keyDown(button(), { key: "Enter" });
  if (content === "the items") await waitFor(() => expect(button()).toHaveAttribute("data-state", "open"));
  return { user, button, arrive: () => act(async () => arrive()) };
}

test.each(["the code of menus", "the items"] as const)(
  "a press elsewhere before %s is loaded gives the menu up, and what is typed there stays",
  async (content) => {
    const { user, button, arrive } = await waiting(content);
    const field = screen.getByRole("textbox", { name: "New task" });
    fireEvent.pointerDown(field);
    act(() => field.focus());
    await arrive();
    await user.keyboard("dig{Enter}");
    expect(field).toHaveFocus();
    expect(field).toHaveValue("dig");
    expect(screen.queryByRole("menu")).toBeNull();
    expect(button()).toHaveAttribute("aria-expanded", "false");
  },
);

test("Escape before the items are loaded gives the menu up, and a second press too", async () => {
  const { user, button, arrive } = await waiting("the items");
  expect(document.querySelector("[data-opening]")).not.toBeNull();
  await user.keyboard("{Escape}");
  expect(button()).toHaveAttribute("aria-expanded", "false");
  await user.keyboard("{Enter}");
  expect(button()).toHaveAttribute("aria-expanded", "true");
  await user.click(button());
  expect(button()).toHaveAttribute("aria-expanded", "false");
  await arrive();
  expect(screen.queryByRole("menu")).toBeNull();
});

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
