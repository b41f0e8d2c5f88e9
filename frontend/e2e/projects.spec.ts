import { drag, expect, grip, row, test, toast } from "./fixtures";

test("a project is made, renamed, archived and deleted, here and elsewhere, and each can be undone", async ({
  user,
  context,
  other,
}) => {
  await user.create({ title: "Water the plants", project: "Home", tags: ["garden"] });
  await user.create({ title: "Read", project: "Books" });
  const page = await user.signIn(context);
  const elsewhere = await user.signIn(other, "/?project=Home");
  const sidebar = page.getByRole("navigation", { name: "Tasks" });
  const theirs = elsewhere.getByRole("navigation", { name: "Tasks" });
  const link = (name: string) => sidebar.getByRole("link", { name: new RegExp(`^${name}( \\d+)?$`) });
  const choose = async (name: string, item: string) => {
    await sidebar.getByRole("button", { name: `Actions for ${name}` }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };

  await sidebar.getByRole("button", { name: "New project" }).click();
  await page.getByLabel("Name").fill("home");
  await page.getByRole("button", { name: "Add project" }).click();
  await expect(page.getByText('There is a project named "home" already.')).toBeVisible();
  await page.getByLabel("Name").fill("Summer house");
  await page.getByRole("radio", { name: "Green" }).check({ force: true });
  await page.getByRole("button", { name: "Add project" }).click();
  await expect(page).toHaveURL(/project=Summer\+house/);
  await expect(theirs.getByRole("link", { name: "Summer house" })).toBeVisible();

  await choose("Home", "Edit…");
  await page.getByLabel("Name").fill("House");
  await page.getByLabel("Name").press("Enter");
  const renamed = toast(page, "“Home” is now “House”");
  await renamed.hover(); // it stays
  await expect(link("House")).toBeVisible();
  await expect(elsewhere).toHaveURL(/project=House/);
  await expect(row(elsewhere, "Water the plants")).toBeVisible();
  await renamed.getByRole("button", { name: "Undo" }).click();
  await expect(link("Home")).toBeVisible();
  await expect(elsewhere).toHaveURL(/project=Home/);

  await choose("Home", "Archive");
  await expect(link("Home")).toBeHidden();
  await expect(theirs.getByRole("link", { name: /^Home/ })).toBeHidden();
  await page.keyboard.press("z");
  await expect(link("Home")).toBeVisible();

  // The stream may show a change before its response arrives: undo must then take back this change, not the one before it.
  let respond = () => {};
  const responding = new Promise<void>((resolve) => (respond = resolve));
  await page.route(
    (url) => url.searchParams.get("tasks") === "move",
    async (route) => {
      const response = await route.fetch();
      await responding;
      await route.fulfill({ response });
    },
  );
  await choose("Home", "Delete…");
  await page.getByRole("radio", { name: "Move it to another project" }).check();
  await page.getByLabel("To project").selectOption("Books");
  await page.getByRole("button", { name: "Delete" }).click();
  // Until the stream shows the change, the dialog is there: it takes no keys of the page, and hides the links from
  // assistive technology, and so from a search by role.
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(link("Home")).toBeHidden();
  await expect
    .poll(async () => (await user.tasks()).map(({ project }) => project))
    .toEqual(["Books", "Books"]);
  await page.keyboard.press("z");
  respond();
  await expect(page.getByText("Undone: merged the project “Home”")).toBeVisible();
  await expect(link("Home")).toBeVisible();
  await expect
    .poll(async () => (await user.tasks()).map(({ project }) => project).sort())
    .toEqual(["Books", "Home"]);
});

test("names are completed while typing, and tasks are dragged to a project, a tag and a day", async ({
  user,
  context,
}) => {
  await user.create({ title: "Water the plants", project: "Summer house", tags: ["garden"] });
  await user.create({ title: "Read", project: "Books" });
  const page = await user.signIn(context);
  const sidebar = page.getByRole("navigation", { name: "Tasks" });
  await expect(sidebar.getByRole("button", { name: "Actions for Books" })).toBeAttached();
  const input = page.getByRole("combobox", { name: "New task" });
  const options = page.getByRole("listbox").getByRole("option");

  await input.pressSequentially("Mow @g");
  await expect(options).toHaveText(["garden"]);
  await expect(input).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("Tab");
  await expect(input).toHaveValue("Mow @garden ");
  // A name with spaces cannot be typed: it is shown as a separate part.
  await input.pressSequentially("#");
  await expect(options).toHaveCount(2);
  await page.keyboard.press("Escape");
  await expect(options).toHaveCount(0);
  await input.pressSequentially("ho");
  await expect(options).toHaveText(["Summer house"]);
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(input).toHaveValue("Mow @garden ");
  await expect(page.getByRole("list", { name: "Recognized" })).toContainText("Summer house");
  await page.keyboard.press("Enter");
  await expect(row(page, "Mow")).toBeVisible();
  await expect
    .poll(async () => (await user.tasks()).find(({ title }) => title === "Mow"))
    .toMatchObject({ project: "Summer house", tags: ["garden"] });

  for (const [place, said] of [
    ["Summer house", "Moved to Summer house"],
    ["garden", "Tagged garden"],
    ["Today", "Moved to today"],
  ] as const) {
    await drag(page, grip(page, "Read"), sidebar.getByRole("link", { name: place }), { x: 40, y: 10 });
    await expect(toast(page, said)).toBeVisible();
  }
  await expect
    .poll(async () => (await user.tasks()).find(({ title }) => title === "Read"))
    .toMatchObject({ project: "Summer house", tags: ["garden"], due_date: expect.stringMatching(/^\d{4}-/) });
});

test("a project without open tasks has a column on the board, and can be chosen and found", async ({
  user,
  context,
}) => {
  await user.sections("Garden", []);
  const read = await user.create({ title: "Read", project: "Books" });
  await user.complete(read.id);
  await user.create({ title: "Dig", project: "Home" });
  const page = await user.signIn(context, "/?view=all&layout=board&group=project");
  const board = page.getByRole("group", { name: "Board by project" });
  for (const name of ["Home", "Garden", "Books"])
    await expect(board.getByRole("region", { name: new RegExp(`^${name}`) })).toBeVisible();

  await page.goto("/?view=all");
  await row(page, "Dig").focus();
  await page.keyboard.press("x");
  await page.getByRole("toolbar").getByRole("button", { name: "Project" }).click();
  await page.getByRole("menuitem", { name: "Garden" }).click();
  await expect
    .poll(async () => (await user.tasks()).find(({ title }) => title === "Dig")?.project)
    .toBe("Garden");

  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("Books");
  await page.getByRole("option", { name: "Books" }).first().click();
  await expect(page).toHaveURL(/project=Books/);
});
