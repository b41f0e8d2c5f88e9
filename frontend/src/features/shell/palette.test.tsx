import { act, screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { taskStore } from "@/features/tasks";
import { address } from "@/lib/address";
import { keepLabels, makeLabel } from "@/testing/labels";
import { renderSignedIn } from "@/testing/render";
import { server } from "@/testing/server";
import { Palette } from "./palette";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({
  usePathname: () => "/",
  useRouter: () => ({ push }),
  useSearchParams: () => new URLSearchParams(),
}));

let stop = () => {};
let go: ReturnType<typeof vi.spyOn>;
const change = vi.fn();

beforeEach(() => {
  change.mockReset();
  go = vi.spyOn(address, "go").mockImplementation(() => {});
  vi.spyOn(taskStore, "changeAll").mockImplementation(change);
  taskStore.snapshot = { tasks: new Map(), loaded: true, waiting: 0, unsaved: [], ops: [] };
});
afterEach(() => stop());

/** The palette with Enter pressed for a text, while the request for the projects waits for its answer. */
function entered(text: string) {
  let answer = (_: Response) => {};
  const answered = new Promise<Response>((resolve) => (answer = resolve));
  const none = () => HttpResponse.json({ items: [], next_cursor: null });
  server.use(
    http.get("*/api/projects", () => answered),
    http.get("*/api/sections", none),
    http.get("*/api/tags", none),
  );
  stop = keepLabels(null);
  function Page() {
    const [open, setOpen] = useState(true);
    return open ? <Palette typed={{ text, entered: true }} onClose={() => setOpen(false)} /> : null;
  }
  renderSignedIn(<Page />);
  return (response: Response) => act(async () => answer(response));
}

test("Enter before the projects are loaded goes to the project that begins so, and makes no task", async () => {
  const answer = entered("Books");
  expect(screen.getByRole("option", { name: "New task “Books”" })).toBeVisible();
  await answer(HttpResponse.json({ items: [makeLabel("Books")], next_cursor: null }));
  await waitFor(() => expect(go).toHaveBeenCalledWith("/?project=Books", "push"));
  expect(change).not.toHaveBeenCalled();
});

test("Enter does not wait for projects that cannot be loaded", async () => {
  const answer = entered("Settings");
  await answer(HttpResponse.json({}, { status: 404 }));
  await waitFor(() => expect(push).toHaveBeenCalledWith("/settings"));
});
