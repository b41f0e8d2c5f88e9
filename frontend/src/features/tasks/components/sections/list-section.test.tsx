import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeLabel } from "@/testing/labels";
import { renderSignedIn } from "@/testing/render";
import { server } from "@/testing/server";
import { labelStore, noLabels } from "../../labels/labels";
import { undoStack } from "../../undo-stack";
import { plainQuery } from "../../view/query";
import type { SectionRow } from "../../view/section-rows";
import { ListSection, SectionDialogs } from "./list-section";

vi.mock("next/navigation", () => ({ usePathname: () => "/", useRouter: () => ({}) }));

const home = makeLabel("Home", { id: "home" });
const cellar = makeLabel("Cellar", { project_id: "home", position: "a0" });
const kitchen = makeLabel("Kitchen", { project_id: "home", position: "a1" });
const heading: SectionRow = { kind: "section", key: "a", section: kitchen, count: 0, collapsed: false };
const end: SectionRow = { kind: "add-section", key: "b" };

beforeEach(() => labelStore.replace({ project: [home], section: [cellar, kitchen], tag: [] }));

afterEach(() => {
  labelStore.replace(noLabels);
  undoStack.clear();
});

/** A row of a list, which may leave the ones that are rendered. */
function show(row: SectionRow) {
  let leave = () => {};
  let goTo: (project: string) => void = () => {};
  function List() {
    const [there, setThere] = useState(true);
    const [project, setProject] = useState("Home");
    leave = () => setThere(false);
    goTo = setProject;
    return (
      <>
        {there ? <ListSection row={row} index={0} query={{ ...plainQuery, project }} /> : null}
        <SectionDialogs project={project} />
      </>
    );
  }
  const { user } = renderSignedIn(<List />);
  return { user, leave: () => act(() => leave()), goTo: (project: string) => act(() => goTo(project)) };
}

async function rename(user: ReturnType<typeof show>["user"]) {
  await user.click(screen.getByRole("button", { name: "Actions for Kitchen" }));
  await user.click(await screen.findByRole("menuitem", { name: /^Rename/ }));
  return screen.findByLabelText("Name");
}

test("the keys that move a section do not move it while its menu is open", async () => {
  const { user } = show(heading);
  await user.click(screen.getByRole("button", { name: "Actions for Kitchen" }));
  fireEvent.keyDown(await screen.findByRole("menuitem", { name: /^Rename/ }), {
    key: "ArrowUp",
    altKey: true,
  });
  expect(labelStore.labels.section).toEqual([cellar, kitchen]);
});

test("a name that is being typed stays when its row has left the list", async () => {
  const { user, leave } = show(heading);
  await user.type(await rename(user), " and bath");
  leave();
  expect(screen.queryByRole("row", { hidden: true })).toBeNull();
  expect(screen.getByLabelText("Name")).toHaveValue("Kitchen and bath");
});

test("a new section is one of its project also if that is renamed elsewhere meanwhile", async () => {
  const made: unknown[] = [];
  server.use(
    http.post("*/api/sections", async ({ request }) => {
      made.push(await request.json());
      return HttpResponse.json(makeLabel("Attic", { project_id: "home", position: "a2" }), { status: 201 });
    }),
  );
  const { user, leave, goTo } = show(end);
  await user.click(screen.getByRole("button", { name: "Add section" }));
  await user.type(screen.getByLabelText("Name"), "Attic");
  act(() => labelStore.put("project", { ...home, name: "House", version: 2 }));
  goTo("House");
  leave();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(made).toEqual([{ name: "Attic", project_id: "home" }]);
});

test.each([
  ["Add section", end],
  ["Actions for Kitchen", heading],
])("what %j opened is gone when another project is shown", async (button, row) => {
  labelStore.replace({ project: [home, makeLabel("Garden")], section: [kitchen], tag: [] });
  const { user, goTo } = show(row);
  if (row === end) await user.click(screen.getByRole("button", { name: button }));
  else await rename(user);
  expect(screen.getByRole("dialog")).toBeVisible();
  goTo("Garden");
  expect(screen.queryByRole("dialog")).toBeNull();
  goTo("Home");
  expect(screen.queryByRole("dialog")).toBeNull();
});
