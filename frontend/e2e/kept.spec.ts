import { drag, expect, row, test, type User } from "./fixtures";

const nav = "Tasks";
const perList = 40;

/** Two projects with more tasks than a window shows. */
async function twoLists(user: User) {
  for (const project of ["Home", "Garden"])
    await user.batch(
      Array.from({ length: perList }, (_, i) => ({
        op: "create",
        task: { title: `${project} ${i + 1}`, project },
      })),
    );
}

test("another list begins at its top, with nothing selected and no row that has the focus", async ({
  user,
  context,
}) => {
  await twoLists(user);
  const page = await user.signIn(context, "/?project=Garden");
  const scrolled = () => page.getByRole("grid").evaluate((grid) => grid.parentElement!.scrollTop);
  await expect(row(page, "Garden 1").first()).toBeVisible();
  await page.getByRole("navigation", { name: nav }).first().getByRole("link", { name: /^Home/ }).click();
  await row(page, "Home 1").first().focus();
  await page.keyboard.press("x");
  await page.keyboard.press("End");
  await expect(row(page, "Home 40")).toBeFocused();
  await expect(page.getByText("1 selected")).toBeVisible();
  expect(await scrolled()).toBeGreaterThan(500);

  await page.goBack();
  await expect(row(page, "Garden 1").first()).toBeInViewport();
  expect(await scrolled()).toBe(0);
  await expect(page.getByText("1 selected")).toBeHidden();
  await expect(page.getByRole("row", { selected: true })).toHaveCount(0);
  await expect(page.locator("body")).toBeFocused();
  await page.keyboard.press("j");
  await expect(row(page, "Garden 1").first()).toBeFocused();
});

test("what is begun in a project is not about the one that the user goes back to", async ({
  user,
  context,
}) => {
  for (const project of ["Home", "Garden"]) await user.sections(project, ["First"]);
  const page = await user.signIn(context, "/?project=Garden");
  await page.getByRole("navigation", { name: nav }).first().getByRole("link", { name: /^Home/ }).click();
  await page.getByLabel("Add a task to First").fill("Half a thought");
  await page.getByRole("button", { name: "Add section" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.goBack();
  await expect(page).toHaveTitle("Garden · Taskwire");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByLabel("Add a task to First")).toHaveValue("");
});

test("a title that is being edited is saved when its list is left", async ({ user, context }) => {
  await twoLists(user);
  const page = await user.signIn(context, "/?project=Garden");
  await page.getByRole("navigation", { name: nav }).first().getByRole("link", { name: /^Home/ }).click();
  await row(page, "Home 2").first().focus();
  await page.keyboard.press("F2");
  await page.keyboard.type("Paint the fence");
  await page.goBack();
  await expect(row(page, "Garden 2").first()).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveCount(0);
  await expect.poll(async () => (await user.tasks()).map(({ title }) => title)).toContain("Paint the fence");
  await page.goForward();
  await expect(row(page, "Paint the fence")).toBeVisible();
});

test("from another page the user comes back to where they were", async ({ user, context }) => {
  await twoLists(user);
  const page = await user.signIn(context, "/?project=Home");
  await page.getByLabel("New task").fill("Half a thought");
  await row(page, "Home 1").first().focus();
  await page.keyboard.press("x");
  await page.keyboard.press("End");
  await expect(row(page, "Home 40")).toBeFocused();
  for (const [keys, title] of [
    ["gs", "Settings"],
    ["gd", "Trash"],
  ] as const) {
    for (const key of keys) await page.keyboard.press(key);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    await expect(page).toHaveTitle(`${title} · Taskwire`);
    await expect(page.getByRole("grid")).toBeHidden();
    // Keys of the list do nothing here.
    await page.keyboard.press("c");
    if (title === "Trash") await user.create({ title: "Came meanwhile", project: "Home" });
    await page.goBack();
    await expect(page).toHaveTitle("Home · Taskwire");
    await expect(row(page, "Home 40")).toBeInViewport();
    await expect(page.getByText("1 selected")).toBeVisible();
    await expect(page.getByLabel("New task")).toHaveValue("Half a thought");
  }
  await page.keyboard.press("End");
  await expect(row(page, "Came meanwhile")).toBeFocused();
  expect((await user.tasks()).every(({ completed }) => !completed)).toBe(true);
});

test("leaving the tasks closes the details, and saves what is typed there", async ({ user, context }) => {
  const task = await user.create({ title: "Call Anna" });
  const page = await user.signIn(context, `/?view=all&task=${task.id}`);
  const details = page.getByRole("complementary", { name: /^Details/ });
  await details.getByRole("textbox", { name: "Description" }).fill("About the party");
  await page.getByRole("link", { name: "Trash" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Trash");
  await expect(details).toHaveCount(0);
  await expect.poll(async () => (await user.tasks())[0]!.description).toBe("About the party");
  await page.goBack();
  await expect(details.getByRole("group", { name: "Description" })).toHaveText("About the party");
});

test("what was open over the tasks is closed when the user comes back, and cards are dragged as before", async ({
  user,
  context,
}) => {
  await user.create({ title: "Call the bank", project: "Work" });
  await user.create({ title: "Buy milk", project: "Home" });
  const page = await user.signIn(context, "/?view=all&layout=board");
  await page.getByRole("link", { name: "Trash" }).click();
  await expect(page).toHaveTitle("Trash · Taskwire");
  await page.goBack();
  const column = (name: string) => page.getByRole("region", { name: new RegExp(`^${name}`) });
  await drag(page, column("Work").getByText("Call the bank"), column("Home").getByText("Buy milk"), {
    x: 20,
    y: 40,
  });
  await expect(column("Home").getByText("Call the bank")).toBeVisible();

  await page.getByRole("button", { name: "Display" }).click();
  await page.getByRole("menuitem", { name: "Save as view" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.goForward();
  await expect(page).toHaveTitle("Trash · Taskwire");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.goBack();
  await expect(column("Home").getByText("Call the bank")).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
