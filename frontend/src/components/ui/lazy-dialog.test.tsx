import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { Flag } from "lucide-react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { CommandDialog } from "./command-dialog";
import { lazyDialog, type Typed } from "./lazy-dialog";

interface PickProps {
  typed: Typed;
  onClose: () => void;
  onPick: (name: string) => void;
}

function Pick({ typed, onClose, onPick }: PickProps) {
  const [text, setText] = useState(typed.text);
  const choices = ["High", "Low"]
    .filter((label) => label.startsWith(text))
    .map((label) => ({ key: label, label, icon: Flag, run: () => onPick(label) }));
  const props = { title: "Priority", placeholder: "", text, onText: setText, search: text, onClose };
  return <CommandDialog {...props} groups={[["", choices]]} entered={typed.entered} />;
}

/** A dialog whose chunk has not arrived, and what lets it arrive. */
function opening() {
  let arrive = () => {};
  const LazyPick = lazyDialog(() => new Promise<typeof Pick>((resolve) => (arrive = () => resolve(Pick))));
  const onPick = vi.fn();
  function Page() {
    const [open, setOpen] = useState(true);
    return (
      <>
        <input aria-label="New task" />
        {open ? <LazyPick onPick={onPick} onClose={() => setOpen(false)} /> : null}
      </>
    );
  }
  const { user } = renderSignedIn(<Page />);
  const behind = screen.getByRole("textbox", { name: "New task" });
  behind.focus();
  return { user, behind, onPick, arrive: () => act(async () => arrive()) };
}

test("what is typed before a dialog is loaded is in its field, and nowhere else", async () => {
  const { user, behind, arrive } = opening();
  await user.keyboard("Lx{Backspace}o");
  await arrive();
  expect(screen.getByRole("combobox")).toHaveValue("Lo");
  expect(behind).toHaveValue("");
});

test("Enter after the text takes the first choice for it as soon as there is one", async () => {
  const { user, onPick, arrive } = opening();
  await user.keyboard("Lo{Enter}");
  expect(onPick).not.toHaveBeenCalled();
  await arrive();
  await waitFor(() => expect(onPick).toHaveBeenCalledWith("Low"));
});

test("a key that is still held from the opening is neither written nor chooses", async () => {
  const { behind, onPick, arrive } = opening();
  for (const key of ["p", "Enter"]) fireEvent.keyDown(behind, { key, repeat: true });
  await arrive();
  expect(screen.getByRole("combobox")).toHaveValue("");
  expect(onPick).not.toHaveBeenCalled();
});

test("Escape before a dialog is loaded closes it, and typing goes where it went", async () => {
  const { user, behind, arrive } = opening();
  await user.keyboard("{Escape}Buy");
  await arrive();
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(behind).toHaveValue("Buy");
});

test.each(["{ArrowDown}", "{End}"])(
  "Enter after %s does not take the first choice, which was not meant",
  async (key) => {
    const { user, behind, onPick, arrive } = opening();
    await user.keyboard(`${key}{Enter}`);
    await arrive();
    expect(onPick).not.toHaveBeenCalled();
    expect(screen.getByRole("combobox")).toHaveValue("");
    expect(behind).toHaveValue("");
  },
);

test("characters of AltGr and of Option on a Mac are typed into the dialog, and Alt with a letter is not", async () => {
  const { behind, arrive } = opening();
  const altGr = { ctrlKey: true, altKey: true, modifierAltGraph: true };
  fireEvent.keyDown(behind, { key: "@", ...altGr });
  fireEvent.keyDown(behind, { key: "x", altKey: true });
  vi.spyOn(navigator, "userAgent", "get").mockReturnValue("Macintosh");
  fireEvent.keyDown(behind, { key: "€", altKey: true });
  await arrive();
  expect(screen.getByRole("combobox")).toHaveValue("@€");
});

test.each(["press", "Tab"])(
  "a %s elsewhere before a dialog is loaded gives it up, and typing goes there",
  async (how) => {
    const { user, behind, arrive } = opening();
    if (how === "press") await user.click(behind);
    else {
      behind.blur();
      await user.tab();
    }
    await user.keyboard("Buy");
    await arrive();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(behind).toHaveValue("Buy");
  },
);

test("a menu that gives the focus back after its item has asked for a dialog does not give the dialog up", async () => {
  const { behind, arrive } = opening();
  behind.blur();
  behind.focus();
  await arrive();
  expect(screen.getByRole("dialog")).toBeVisible();
});
