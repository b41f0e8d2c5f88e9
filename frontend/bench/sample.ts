import type { User } from "../e2e/fixtures";

/** A task with everything that the details show. */
export const fullTask = "A task with everything";
/** A project with sections. */
export const house = "House";

const subtasks = 50;
const sections = ["Kitchen", "Garden", "Attic"];
const description = [
  "## Packing\nSee [the list](https://example.org), and do **not** forget these:",
  Array.from({ length: 20 }, (_, i) => `- [ ] thing ${i}`).join("\n"),
  "| what | how many |\n|---|--:|\n| tents | 2 |\n| stoves | 1 |",
].join("\n\n");

type Fields = Record<string, unknown>;

async function create(user: User, tasks: Fields[]) {
  for (let from = 0; from < tasks.length; from += 100)
    await user.batch(tasks.slice(from, from + 100).map((task) => ({ op: "create", task })));
}

/** So many tasks as lists of people are: a third has dates, tags and projects. */
export const fill = (user: User, count: number) =>
  create(
    user,
    Array.from({ length: count }, (_, i) => ({
      title: `Task number ${i}`,
      ...(i % 3 === 0
        ? {
            due_at: new Date(Date.now() + (i + 24) * 3_600_000).toISOString(),
            project: `Project ${i % 7}`,
            tags: ["errand"],
          }
        : {}),
    })),
  );

/** The same, with a project that has sections, and a task that has everything. */
export async function furnish(user: User, count: number) {
  await fill(user, count);
  await user.sections(house, sections);
  await create(
    user,
    Array.from({ length: 60 }, (_, i) => ({
      title: `Room number ${i}`,
      project: house,
      section: sections[i % sections.length],
    })),
  );
  const { id } = await user.create({ title: fullTask, description, project: house, tags: ["errand"] });
  await create(
    user,
    Array.from({ length: subtasks }, (_, i) => ({
      title: `Step number ${i}`,
      parent_id: id,
      position: `a${String(i).padStart(3, "0")}1`,
    })),
  );
  for (let i = 0; i < 20; i++) await user.comment(id, `Comment number **${i}**`);
}
