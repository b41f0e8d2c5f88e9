import { fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { makeLabel } from "@/testing/labels";
import { renderSignedIn } from "@/testing/render";
import { labelStore, noLabels } from "../../labels/labels";
import { plainQuery } from "../../view/query";
import { ListSection } from "./list-section";

vi.mock("next/navigation", () => ({ usePathname: () => "/", useRouter: () => ({}) }));

afterEach(() => labelStore.replace(noLabels));

test("the keys that move a section do not move it while one of its dialogs is open", async () => {
  const cellar = makeLabel("Cellar", { project_id: "home", position: "a0" });
  const kitchen = makeLabel("Kitchen", { project_id: "home", position: "a1" });
  labelStore.replace({ project: [makeLabel("Home", { id: "home" })], section: [cellar, kitchen], tag: [] });
  const { user } = renderSignedIn(
    <ListSection
      row={{ kind: "section", key: "kitchen", section: kitchen, count: 0, collapsed: false }}
      index={0}
      query={{ ...plainQuery, project: "Home" }}
    />,
  );
  await user.click(screen.getByRole("button", { name: "Actions for Kitchen" }));
  await user.click(await screen.findByRole("menuitem", { name: /^Rename/ }));
  const field = await screen.findByLabelText("Name");
  expect(fireEvent.keyDown(field, { key: "ArrowUp", altKey: true })).toBe(true); // not prevented
  expect(labelStore.labels.section).toEqual([cellar, kitchen]);
});
