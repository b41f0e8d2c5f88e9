import { act, fireEvent, screen } from "@testing-library/react";
import { Moon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { type Choice, CommandDialog } from "./command-dialog";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "./dialog";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "./menu";
import { Popover, PopoverClose, PopoverContent, PopoverTrigger } from "./popover";

afterEach(() => vi.useRealTimers());

const overlays: Record<string, ReactNode> = {
  menu: (
    <Menu>
      <MenuTrigger>Open</MenuTrigger>
      <MenuContent>
        <MenuItem>Done</MenuItem>
      </MenuContent>
    </Menu>
  ),
  dialog: (
    <Dialog>
      <DialogTrigger>Open</DialogTrigger>
      <DialogContent title="A dialog">
        <DialogTrigger>Done</DialogTrigger>
      </DialogContent>
    </Dialog>
  ),
  popover: (
    <Popover>
      <PopoverTrigger>Open</PopoverTrigger>
      <PopoverContent>
        <PopoverClose>Done</PopoverClose>
      </PopoverContent>
    </Popover>
  ),
};

function Page({ choices = [], children }: { choices?: Choice[]; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const palette = { title: "Find", placeholder: "", text, onText: setText, search: text };
  return (
    <div onKeyDown={(event) => event.key === "k" && setOpen(true)}>
      {children}
      {open ? <CommandDialog {...palette} groups={[["", choices]]} onClose={() => setOpen(false)} /> : null}
    </div>
  );
}

/**
 * Opens and closes an overlay of a page, and returns its button. The timer with which Radix returns the focus has not run: a busy
 * browser handles a key before it.
 */
async function openAndClose(name: string) {
  const { user } = renderSignedIn(<Page>{overlays[name]}</Page>);
  const opener = screen.getByRole("button", { name: "Open" });
  await user.click(opener);
  const done = screen.getByText("Done");
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  fireEvent.click(done);
  return opener;
}

test.each(Object.keys(overlays))(
  "a %s that closed does not take the focus from a dialog that a key opened since",
  async (name) => {
    const opener = await openAndClose(name);
    fireEvent.keyDown(opener, { key: "k" });
    act(() => void vi.runAllTimers());
    expect(screen.getByRole("combobox")).toHaveFocus();
  },
);

test.each(Object.keys(overlays))(
  "a %s that closes gives the focus back to its button at once",
  async (name) => {
    const opener = await openAndClose(name);
    expect(opener).toHaveFocus();
    act(() => void vi.runAllTimers());
    expect(opener).toHaveFocus();
  },
);

test("a dialog that a key opened gives the focus back to the field at once, and then makes the choice", async () => {
  const focused = vi.fn();
  const run = () => focused(document.activeElement);
  const { user } = renderSignedIn(
    <Page choices={[{ key: "dark", label: "Dark", icon: Moon, run }]}>
      <input aria-label="New task" />
    </Page>,
  );
  const field = screen.getByRole("textbox", { name: "New task" });
  await user.type(field, "k");
  const choice = screen.getByRole("option", { name: "Dark" });
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  await act(async () => void fireEvent.click(choice));
  expect(field).toHaveFocus();
  expect(focused.mock.calls).toEqual([[field]]);
  act(() => void vi.runAllTimers());
  expect(field).toHaveFocus();
  expect(focused).toHaveBeenCalledOnce();
});

function Renamed() {
  const [renaming, setRenaming] = useState(false);
  return (
    <>
      <Menu>
        <MenuTrigger>Actions</MenuTrigger>
        <MenuContent>
          <MenuItem onSelect={() => setRenaming(true)}>Rename</MenuItem>
        </MenuContent>
      </Menu>
      <Dialog open={renaming} onOpenChange={setRenaming}>
        <DialogContent title="Rename">
          <DialogClose>Done</DialogClose>
        </DialogContent>
      </Dialog>
    </>
  );
}

test("a dialog that the item of a menu opened gives the focus back to the button of the menu", async () => {
  const { user } = renderSignedIn(<Renamed />);
  const button = screen.getByRole("button", { name: "Actions" });
  button.focus();
  await user.keyboard("{Enter}");
  await user.click(screen.getByRole("menuitem", { name: "Rename" }));
  const done = screen.getByRole("button", { name: "Done" });
  expect(done).toHaveFocus();
  await user.keyboard("{Enter}");
  expect(button).toHaveFocus();
});

test("the focus returns from where Radix put it when a part of a dialog was gone", async () => {
  const { user } = renderSignedIn(
    <Dialog defaultOpen>
      <DialogContent title="A dialog">{overlays.menu}</DialogContent>
    </Dialog>,
  );
  const opener = screen.getByRole("button", { name: "Open" });
  const dialog = screen.getByRole("dialog");
  await user.click(opener);
  const done = screen.getByText("Done");
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  fireEvent.click(done);
  dialog.focus();
  act(() => void vi.runAllTimers());
  expect(opener).toHaveFocus();
});
