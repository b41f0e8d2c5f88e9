import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { drag, expect, grip, row, test } from "./fixtures";

/** Everything that the list has, from top to bottom, without what adds to it. */
const list = (page: Page) =>
  page
    .getByRole("grid")
    .first()
    .evaluate((grid) =>
      [...grid.querySelectorAll("[role=row]")]
        .map((one) => one.querySelector("h2 > span, [data-task] [dir=auto]")?.textContent ?? "")
        .filter(Boolean),
    );

test("a project has sections: tasks are added to them and moved between them", async ({
  user,
  context,
  other,
}) => {
  await user.create({ title: "Paint the door", project: "House" });
  const page = await user.signIn(context, "/?project=House");
  const elsewhere = await user.signIn(other, "/?project=House");
  const sectionOf = async (title: string) =>
    (await user.tasks()).find((task) => task.title === title)?.section ?? null;

  await page.getByRole("button", { name: "Actions for House" }).click();
  await page.getByRole("menuitem", { name: "Add section" }).click();
  for (const name of ["Kitchen", "Garden"]) {
    if (name !== "Kitchen") await page.getByRole("button", { name: "Add section" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill(name);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name })).toBeVisible();
  }
  await page.getByLabel("Add a task to Kitchen").fill("Buy tiles tomorrow");
  await page.keyboard.press("Enter");
  await expect(row(page, "Buy tiles")).toBeVisible();
  const everything = ["Paint the door", "Kitchen", "Buy tiles", "Garden"];
  await expect.poll(() => list(elsewhere)).toEqual(everything);
  await expectAccessible(page, "sections");

  // With the keyboard, and back.
  await row(page, "Paint the door").focus();
  await page.keyboard.press("Shift+P");
  await expect(page.getByRole("dialog", { name: /“Paint the door”/ }).getByRole("combobox")).toBeFocused();
  await page.keyboard.type("Garden");
  await page.keyboard.press("Enter");
  await expect.poll(() => list(elsewhere)).toEqual(["Kitchen", "Buy tiles", "Garden", "Paint the door"]);
  await page.keyboard.press("z");
  await expect.poll(() => list(elsewhere)).toEqual(everything);

  // With the mouse.
  await drag(page, grip(page, "Buy tiles"), page.getByRole("heading", { name: "Garden" }), { x: 40, y: 40 });
  await expect.poll(() => sectionOf("Buy tiles")).toBe("Garden");

  await page.getByRole("button", { name: "Actions for Garden" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByText("“Garden” deleted; its tasks stay in the project")).toBeVisible();
  await expect.poll(() => list(elsewhere)).toEqual(["Paint the door", "Buy tiles", "Kitchen"]);
  await page.keyboard.press("z");
  await expect.poll(() => list(elsewhere)).toEqual(["Paint the door", "Kitchen", "Garden", "Buy tiles"]);

  await page.getByRole("combobox", { name: "New task" }).fill("Sow #house/garden");
  await page.keyboard.press("Enter");
  await expect.poll(() => sectionOf("Sow")).toBe("Garden");
});
