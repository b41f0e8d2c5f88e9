import { act, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { useEffect, useState } from "react";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { makeLabel } from "@/testing/labels";
import { problem, server } from "@/testing/server";
import { toastShown } from "@/testing/toasts";
import { detailText } from "@/lib/api/detail-texts";
import { translateProblems } from "@/lib/api/problem";
import { problemText } from "@/lib/api/problem-texts";
import { LabelDialog } from "./label-dialog";
import { undoStack } from "../undo-stack";
import { DeleteLabelDialog } from "./delete-label-dialog";
import { taskStore } from "../store";
import { completedKept } from "../replica/load";
import { makeTask, mapOf } from "@/testing/tasks";
import type { Label } from "./labels";
import { SectionDialog } from "./section-dialog";

const home = makeLabel("Home", { id: "home" });

// Other tests have nothing to undo.
afterEach(() => undoStack.clear());

/** A label on the server, which another device can change; returns the patches that it took. */
function serve(now: Label) {
  const held = { now };
  const patches: unknown[] = [];
  server.use(
    http.get(/api.(projects|sections).home$/, () => HttpResponse.json(held.now)),
    http.patch(/api.(projects|sections).home$/, async ({ request }) => {
      const condition = request.headers.get("If-Match");
      if (condition && condition !== `"${held.now.version}"`) return problem(412);
      const patch = (await request.json()) as Partial<Label>;
      patches.push(patch);
      held.now = { ...held.now, ...patch, version: held.now.version + 1 };
      return HttpResponse.json(held.now);
    }),
  );
  return { held, patches };
}

const dialogs = [
  ["project", (label: Label, onDone: () => void) => <LabelDialog kind="project" {...{ label, onDone }} />],
  ["section", (label: Label, onDone: () => void) => <SectionDialog section={label} onDone={onDone} />],
] as const;

test.each(dialogs)("a name that a %s got elsewhere stays if none was typed", async (_, dialog) => {
  const done = vi.fn();
  const renamed = { ...home, name: "House", version: 2 };
  const { patches } = serve(renamed);
  let change = (_: Label) => {};
  const Open = () => {
    const [label, setLabel] = useState(home);
    useEffect(() => void (change = setLabel), []);
    return dialog(label, done);
  };
  const { user } = renderSignedIn(<Open />);
  act(() => change(renamed));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(done).toHaveBeenCalled());
  expect(patches).toEqual([]);
});

test.each(dialogs)("a name that a %s got elsewhere is replaced once it was shown", async (_, dialog) => {
  const done = vi.fn();
  const { patches } = serve({ ...home, name: "House", color: "red", version: 2 });
  const { user } = renderSignedIn(dialog(home, done));
  await user.type(screen.getByLabelText("Name"), "stead");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText(/is now “House”/);
  expect(patches).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(done).toHaveBeenCalled());
  expect(patches).toEqual([{ name: "Homestead" }]);
});

test.each(dialogs)(
  "a %s whose place was changed elsewhere is renamed without a question",
  async (_, dialog) => {
    const done = vi.fn();
    const { held } = serve({ ...home, position: "b0", version: 2 });
    const { user } = renderSignedIn(dialog(home, done));
    await user.type(screen.getByLabelText("Name"), "stead");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(done).toHaveBeenCalled());
    expect(held.now).toMatchObject({ name: "Homestead", position: "b0" });
  },
);

test.each([
  [
    409,
    "is the name of another project; merge them instead",
    "Another one has this name. Merge them instead.",
  ],
  [422, "must not contain control characters", "This must not contain control characters."],
])(
  "a name that is refused with %d is explained in the language of the page",
  async (status, detail, said) => {
    translateProblems({ problem: problemText, detail: detailText });
    onTestFinished(() => translateProblems(null));
    server.use(
      http.patch("*/api/projects/home", () =>
        problem(status, 'there is a project named "House" already', {
          type: status === 409 ? "https://taskwire.dev/errors/conflict" : "about:blank",
          errors: [{ field: "/name", detail }],
        }),
      ),
    );
    const { user } = renderSignedIn(<LabelDialog kind="project" label={home} onDone={() => {}} />);
    await user.type(screen.getByLabelText("Name"), "stead");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText(said);
  },
);

test.each([
  ...dialogs,
  [
    "project to delete",
    (label: Label, onDone: () => void) => (
      <DeleteLabelDialog kind="project" label={label} merge={false} onDone={onDone} />
    ),
  ],
] as const)(
  "the answer for a %s comes after its dialog was closed, and closes no other",
  async (_, dialog) => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    server.use(
      http.all(/api.(projects|sections).home$/, async () => {
        await answered;
        return HttpResponse.json({ ...home, name: "Homestead", version: 2 });
      }),
    );
    const done = vi.fn();
    function Open() {
      const [open, setOpen] = useState(true);
      if (!open) return null;
      return dialog(home, () => {
        done();
        setOpen(false);
      });
    }
    const { user } = renderSignedIn(<Open />);
    const name = screen.queryByLabelText("Name");
    if (name) await user.type(name, "stead");
    await user.click(screen.getByRole("button", { name: /^Save|Delete$/ }));
    await user.keyboard("{Escape}");
    expect(done).toHaveBeenCalledOnce();
    answer();
    await toastShown(name ? "“Home” is now “Homestead”" : "Project “Home” deleted");
    expect(done).toHaveBeenCalledOnce();
  },
);

test("what becomes of its tasks is asked also if the browser may not have all of them", async () => {
  const open = (completed: number) => {
    const others = Array.from({ length: completed }, () => makeTask({ completed: true }));
    taskStore.snapshot = { ...taskStore.snapshot, tasks: mapOf(...others), loaded: true };
    return renderSignedIn(<DeleteLabelDialog kind="project" label={home} merge={false} onDone={() => {}} />);
  };
  const { unmount } = open(completedKept - 1);
  expect(await screen.findByRole("dialog")).toHaveTextContent("The project has no tasks.");
  expect(screen.queryByRole("radio")).toBeNull();
  unmount();
  open(completedKept);
  expect(await screen.findByRole("dialog")).toHaveTextContent("What should happen to its tasks?");
  expect(screen.getByRole("radio", { name: "Keep them without a project" })).toBeChecked();
});
