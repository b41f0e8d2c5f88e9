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
