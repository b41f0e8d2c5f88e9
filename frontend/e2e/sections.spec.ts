import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { drag, expect, grip, isLive, row, test, type User } from "./fixtures";

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

const sectionOf = async (user: User, title: string) =>
  (await user.tasks()).find((task) => task.title === title)?.section ?? null;

/** Makes tasks of the project House, each in a section, in this order. */
async function fill(user: User, tasks: [title: string, section: string | null][]) {
  await user.batch(
    tasks.map(([title, section], i) => ({
      op: "create",
      task: { title, project: "House", section, position: `a${i}` },
    })),
  );
}

const heading = (page: Page, name: string) => row(page, name).filter({ has: page.getByRole("heading") });

test("a project has sections: tasks are added to them and moved between them", async ({
  user,
  context,
  other,
}) => {
  await user.create({ title: "Paint the door", project: "House" });
  const page = await user.signIn(context, "/?project=House");
  const elsewhere = await user.signIn(other, "/?project=House");
  await page.bringToFront(); // keys act in the window in front
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
  await drag(page, grip(page, "Buy tiles"), heading(page, "Garden"), { x: 40, y: 23 });
  await expect.poll(() => sectionOf(user, "Buy tiles")).toBe("Garden");

  await page.getByRole("combobox", { name: "New task" }).fill("Sow #house/garden");
  await page.keyboard.press("Enter");
  await expect.poll(() => sectionOf(user, "Sow")).toBe("Garden");
});

test("what becomes of the tasks of a deleted section is asked, and undone", async ({
  user,
  context,
  other,
}) => {
  await fill(user, [
    ["Paint the door", null],
    ["Buy tiles", "Kitchen"],
    ["Wash up", "Kitchen"],
    ["Sow", "Garden"],
  ]);
  const page = await user.signIn(context, "/?project=House");
  const elsewhere = await user.signIn(other, "/?project=House");
  await page.bringToFront(); // keys act in the window in front
  const everything = ["Paint the door", "Kitchen", "Buy tiles", "Wash up", "Garden", "Sow"];
  await expect.poll(() => list(elsewhere)).toEqual(everything);
  const remove = async (choice: string) => {
    await page.getByRole("button", { name: "Actions for Kitchen" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete “Kitchen”?" });
    await expect(dialog).toContainText("What should happen to its 2 tasks?");
    await dialog.getByLabel(choice).check();
    return dialog;
  };
  const confirm = async (dialog: Locator) => {
    await dialog.getByRole("button", { name: "Delete" }).click();
    await expect(dialog).toBeHidden(); // until then it takes no keys of the page
  };

  const dialog = await remove("Keep them in the project, without a section");
  await expectAccessible(page, "the deletion of a section");
  await confirm(dialog);
  const kept = ["Paint the door", "Buy tiles", "Wash up", "Garden", "Sow"];
  await expect.poll(() => list(elsewhere)).toEqual(kept);
  await page.keyboard.press("z");
  await expect.poll(() => list(elsewhere)).toEqual(everything);
  await expect.poll(() => list(page)).toEqual(everything);

  const moving = await remove("Move them to another section");
  await moving.getByLabel("To section").selectOption("Garden");
  await confirm(moving);
  await expect
    .poll(() => list(elsewhere))
    .toEqual(["Paint the door", "Garden", "Buy tiles", "Wash up", "Sow"]);
  await page.keyboard.press("z");
  await expect.poll(() => list(elsewhere)).toEqual(everything);
  await expect.poll(() => list(page)).toEqual(everything);

  await confirm(await remove("Move them to the trash"));
  await expect.poll(() => list(elsewhere)).toEqual(["Paint the door", "Garden", "Sow"]);
  await page.keyboard.press("z");
  await expect.poll(() => list(elsewhere)).toEqual(everything);

  // One that was never filled, with the keyboard alone.
  await page.getByRole("button", { name: "Add section" }).press("Enter");
  await page.keyboard.type("Cellar");
  await page.keyboard.press("Enter");
  await expect.poll(() => list(elsewhere)).toEqual([...everything, "Cellar"]);
  await page.getByRole("button", { name: "Actions for Cellar" }).press("Enter");
  await page.getByRole("menuitem", { name: "Delete…" }).press("Enter");
  await expect(page.getByRole("dialog")).toContainText("The section has no tasks.");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).press("Enter");
  await expect.poll(() => list(elsewhere)).toEqual(everything);
});

test("sections are renamed, moved and hidden, and tasks go into hidden ones", async ({
  user,
  context,
  other,
}) => {
  await fill(user, [
    ["Paint the door", null],
    ["Buy tiles", "Kitchen"],
    ["Mow", "Garden"],
    ["Sow", "Garden"],
    ["Tidy up", "Cellar"],
  ]);
  const page = await user.signIn(context, "/?project=House");
  const elsewhere = await user.signIn(other, "/?project=House");
  await page.bringToFront(); // keys act in the window in front
  const inGarden = async () =>
    (await user.tasks())
      .filter(({ section }) => section === "Garden")
      .sort((a, b) => (a.position < b.position ? -1 : 1))
      .map(({ title }) => title);

  await page.getByRole("button", { name: "Actions for Cellar" }).click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Basement");
  await page.keyboard.press("Enter");
  await expect(page.getByText("“Cellar” is now “Basement”")).toBeVisible();
  await page.getByRole("button", { name: "Actions for Basement" }).click();
  await page.getByRole("menuitem", { name: "Move up" }).click();
  const moved = ["Paint the door", "Kitchen", "Buy tiles", "Basement", "Tidy up", "Garden", "Mow", "Sow"];
  await expect.poll(() => list(elsewhere)).toEqual(moved);

  // By keys, which keep the focus.
  const hide = page.getByRole("button", { name: "Hide the tasks of Garden" });
  await hide.press("Alt+ArrowUp");
  await expect(hide).toBeFocused();
  const first = ["Paint the door", "Kitchen", "Buy tiles", "Garden", "Mow", "Sow", "Basement", "Tidy up"];
  await expect.poll(() => list(elsewhere)).toEqual(first);

  await hide.press("Enter");
  const hidden = ["Paint the door", "Kitchen", "Buy tiles", "Garden", "Basement", "Tidy up"];
  await expect.poll(() => list(page)).toEqual(hidden);
  await page.reload();
  await isLive(page);
  await expect.poll(() => list(page)).toEqual(hidden);
  await expect.poll(() => list(elsewhere)).toEqual(first);

  // Onto its heading, and below that, a task is the last one of the section.
  await drag(page, grip(page, "Buy tiles"), heading(page, "Garden"), { x: 40, y: 9 });
  await expect.poll(inGarden).toEqual(["Mow", "Sow", "Buy tiles"]);
  await drag(page, grip(page, "Paint the door"), heading(page, "Garden"), { x: 40, y: 44 });
  await expect.poll(inGarden).toEqual(["Mow", "Sow", "Buy tiles", "Paint the door"]);
  await expect.poll(() => list(page)).toEqual(["Kitchen", "Garden", "Basement", "Tidy up"]);

  // Alt and an arrow key go on through it: it opens, and the task keeps the focus.
  await row(page, "Tidy up").focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(inGarden).toEqual(["Mow", "Sow", "Buy tiles", "Paint the door", "Tidy up"]);
  await expect(page.getByRole("button", { name: "Hide the tasks of Garden" })).toBeVisible();
  await expect(row(page, "Tidy up")).toBeFocused();
  for (let i = 0; i < 4; i++) await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(inGarden).toEqual(["Tidy up", "Mow", "Sow", "Buy tiles", "Paint the door"]);
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(() => sectionOf(user, "Tidy up")).toBe("Kitchen");

  // In another order than the manual one, only the section changes.
  await page.getByRole("button", { name: /^Sort by/ }).click();
  await page.getByRole("menuitemradio", { name: "Title" }).click();
  // The upper half of the first heading leads out of the sections.
  await drag(page, grip(page, "Sow"), heading(page, "Kitchen"), { x: 40, y: 40 });
  await expect.poll(() => sectionOf(user, "Sow")).toBe("Kitchen");
  await expect
    .poll(() => list(page))
    .toEqual(["Kitchen", "Sow", "Tidy up", "Garden", "Buy tiles", "Mow", "Paint the door", "Basement"]);
});

test("the details put a task into a section, and completed tasks have theirs", async ({ user, context }) => {
  await fill(user, [
    ["Buy tiles", "Kitchen"],
    ["Mow", "Garden"],
  ]);
  const page = await user.signIn(context, "/?project=House");
  await row(page, "Buy tiles").click();
  const field = page.getByRole("combobox", { name: "Section" });
  await field.fill("garden");
  await field.press("Enter");
  await expect.poll(() => sectionOf(user, "Buy tiles")).toBe("Garden");
  await expect.poll(() => list(page)).toEqual(["Kitchen", "Garden", "Buy tiles", "Mow"]);
  await field.fill("");
  await field.press("Enter");
  await expect.poll(() => sectionOf(user, "Buy tiles")).toBeNull();
  await page.getByRole("checkbox", { name: "Complete Mow" }).click();
  await expect.poll(() => list(page)).toEqual(["Buy tiles", "Kitchen", "Garden"]);
  await page.goto("/?project=House&view=completed&group=section");
  await expect.poll(() => list(page)).toEqual(["Garden", "Mow"]);
  await expect(page.getByRole("button", { name: "Add section" })).toHaveCount(0);
});

test("the board of a project has its sections as columns, and cards say how many comments there are", async ({
  user,
  context,
}) => {
  const day = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Berlin" });
  await fill(user, [["Mow", "Garden"]]);
  const tiles = await user.create({
    title: "Buy tiles",
    project: "House",
    section: "Kitchen",
    due_date: day,
  });
  await user.comment(tiles.id, "The blue ones");
  const page = await user.signIn(context, "/?project=House&layout=board");
  const board = page.getByRole("group", { name: "Board by section" });
  const column = (name: string) => board.getByRole("region", { name: new RegExp(`^${name}`) });
  await expect(column("Kitchen").getByRole("listitem")).toContainText("1 comment");
  await expectAccessible(page, "the board of a project");
  await page.getByRole("button", { name: "Add section" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Cellar");
  await page.keyboard.press("Enter");
  await expect(column("Cellar")).toBeVisible();
  await board.getByRole("button", { name: "Move Buy tiles" }).press("Enter");
  await page.getByRole("menuitem", { name: "Cellar" }).press("Enter");
  await expect.poll(() => sectionOf(user, "Buy tiles")).toBe("Cellar");
  await board.getByRole("button", { name: "Actions for Garden" }).click();
  await page.getByRole("menuitem", { name: "Move right" }).press("Enter");
  const columns = board.getByRole("heading", { level: 2 });
  await expect(columns).toHaveText([/^No section/, /^Kitchen/, /^Garden/, /^Cellar/]);
  // What is hidden in the list is on the board.
  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitemradio", { name: "List" }).click();
  await page.getByRole("button", { name: "Hide the tasks of Cellar" }).click();
  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitemradio", { name: "Board" }).click();
  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitemradio", { name: "Section" }).click();
  await expect(column("Cellar").getByText("Buy tiles")).toBeVisible();
  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitemradio", { name: "Calendar" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Buy tiles" }).last()).toContainText("1 comment");
});

test("a query completes sections, and Escape closes the completions before the dialog", async ({
  user,
  context,
}) => {
  await fill(user, [
    ["Buy tiles", "Kitchen"],
    ["Plant herbs", "Kitchen garden"],
  ]);
  const page = await user.signIn(context);
  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitem", { name: "Save as view" }).click();
  const dialog = page.getByRole("dialog", { name: "Save as view" });
  const query = dialog.getByRole("combobox");
  await dialog.getByLabel("Name").fill("Kitchen");
  await query.fill("section: ki");
  const options = dialog.getByRole("option");
  await expect(options).toHaveText(["Kitchen", "Kitchen garden"]);
  await query.press("Escape");
  await expect(options).toHaveCount(0);
  await expect(dialog).toBeVisible();
  await query.press("ArrowDown");
  await query.press("ArrowDown");
  await query.press("Enter");
  await expect(query).toHaveValue("section: Kitchen ");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Kitchen");
  await expect.poll(() => list(page)).toEqual(["Buy tiles"]);
  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitem", { name: "Edit view" }).click();
  const edit = page.getByRole("dialog", { name: "Edit view" });
  await edit.getByRole("combobox").focus();
  await page.keyboard.press("Escape");
  await expect(edit).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(edit).toHaveCount(0);
});
