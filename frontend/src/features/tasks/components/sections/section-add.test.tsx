import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { makeLabel } from "@/testing/labels";
import { renderSignedIn } from "@/testing/render";
import { toastShown } from "@/testing/toasts";
import { plainQuery } from "../../view/query";
import { SectionAdd } from "./section-add";

vi.mock("next/navigation", () => ({ usePathname: () => "/", useRouter: () => ({}) }));

const show = (id: string) =>
  renderSignedIn(<SectionAdd project="Home" section={makeLabel("Kitchen", { id })} query={plainQuery} />);
const field = () => screen.getByRole("textbox", { name: "Add a task to Kitchen" });

test("what is typed is still there after its row was scrolled away", async () => {
  const { user, unmount } = show("a");
  await user.type(field(), "Paint the wall");
  unmount();
  const other = show("b");
  expect(field()).toHaveValue("");
  other.unmount();
  show("a");
  expect(field()).toHaveValue("Paint the wall");
});

test("a task that is too long stays in the field, with the reason", async () => {
  const { user } = show("a");
  await user.click(field());
  await user.paste("x".repeat(501));
  await user.keyboard("{Enter}");
  await toastShown("A title can have up to 500 characters; this one has 501.");
  expect(field()).toHaveValue("x".repeat(501));
  expect(field()).toBeInvalid();
});
