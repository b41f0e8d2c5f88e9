import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { Flag } from "lucide-react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { type ChoiceGroup, CommandDialog } from "./command-dialog";

test("an Enter that is held since before the dialog was opened chooses nothing", async () => {
  const closed = vi.fn();
  const choice = { key: "high", label: "High", icon: Flag, run: () => {} };
  const props = { title: "Priority", placeholder: "Priority", onText: () => {}, onClose: closed };
  renderSignedIn(<CommandDialog {...props} text="" search="" groups={[["", [choice]]]} />);
  const field = screen.getByRole("combobox");
  fireEvent.keyDown(field, { key: "Enter", repeat: true });
  expect(closed).not.toHaveBeenCalled();
  fireEvent.keyDown(field, { key: "Enter" });
  await waitFor(() => expect(closed).toHaveBeenCalledOnce());
});

test("Enter before all is there from which to choose takes the first choice of what is there then", async () => {
  const [early, right] = [vi.fn(), vi.fn()];
  let load = () => {};
  function Page() {
    const [ready, setReady] = useState(false);
    const [open, setOpen] = useState(true);
    load = () => setReady(true);
    const props = { title: "Project", placeholder: "", text: "Boo", search: "Boo", entered: true, ready };
    const made = { key: "new", label: "New project Boo", icon: Flag, run: early };
    const known = { key: "books", label: "Books", icon: Flag, run: right };
    const groups: ChoiceGroup[] = [["", ready ? [known, made] : [made]]];
    return open ? (
      <CommandDialog {...props} groups={groups} onText={() => {}} onClose={() => setOpen(false)} />
    ) : null;
  }
  renderSignedIn(<Page />);
  fireEvent.keyDown(screen.getByRole("combobox"), { key: "Enter" });
  expect(screen.getByRole("dialog")).toBeVisible();
  act(() => load());
  await waitFor(() => expect(right).toHaveBeenCalledOnce());
  expect(early).not.toHaveBeenCalled();
});
