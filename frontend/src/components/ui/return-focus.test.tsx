import { act, fireEvent, screen } from "@testing-library/react";
import { type ReactNode, useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { CommandDialog } from "./command-dialog";
import { Dialog, DialogContent, DialogTrigger } from "./dialog";
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

function Page({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const palette = { title: "Find", placeholder: "", text, onText: setText, search: text, groups: [] };
  return (
    <div onKeyDown={(event) => event.key === "k" && setOpen(true)}>
      {children}
      {open ? <CommandDialog {...palette} onClose={() => setOpen(false)} /> : null}
    </div>
  );
}

test.each(Object.keys(overlays))(
  "a %s that closed does not take the focus from a dialog that a key opened since",
  async (name) => {
    const { user } = renderSignedIn(<Page>{overlays[name]}</Page>);
    const opener = screen.getByRole("button", { name: "Open" });
    await user.click(opener);
    const done = screen.getByText("Done");
    // A busy browser handles a key before the timer that returns the focus.
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    fireEvent.click(done);
    fireEvent.keyDown(opener, { key: "k" });
    act(() => void vi.runAllTimers());
    expect(screen.getByRole("combobox")).toHaveFocus();
  },
);

test.each(Object.keys(overlays))("a %s that closed gives the focus back to its button", async (name) => {
  const { user } = renderSignedIn(<Page>{overlays[name]}</Page>);
  const opener = screen.getByRole("button", { name: "Open" });
  await user.click(opener);
  const done = screen.getByText("Done");
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  fireEvent.click(done);
  act(() => void vi.runAllTimers());
  expect(opener).toHaveFocus();
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
