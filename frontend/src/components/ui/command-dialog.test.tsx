import { fireEvent, screen, waitFor } from "@testing-library/react";
import { Flag } from "lucide-react";
import { expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { CommandDialog } from "./command-dialog";

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
