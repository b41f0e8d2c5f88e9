// What both generations of the TypeScript SDK do with the server: every tool, resource and prompt once.
import assert from "node:assert/strict";

export const url = new URL("/mcp", process.env.TASKWIRE_URL);
export const headers = {Authorization: `Bearer ${process.env.TASKWIRE_TOKEN}`};
export const clientInfo = {name: process.env.TASKWIRE_CLIENT, version: "1.0.0"};

const tools = [
  "add_task", "comment_task", "complete_task", "delete_task", "get_task", "list_comments", "list_notifications", "list_projects",
  "list_tags", "list_tasks", "recent_changes", "search_tasks", "undo", "update_task",
];

export async function run(client) {
  const listed = (await client.listTools()).tools;
  assert.deepEqual(listed.map((t) => t.name).sort(), tools);
  for (const tool of listed) {
    assert.ok(tool.title && tool.description && tool.outputSchema, tool.name);
    for (const hint of ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"]) {
      assert.equal(typeof tool.annotations[hint], "boolean", `${tool.name}: ${hint}`);
    }
  }

  const called = new Set();
  const call = async (name, args) => {
    called.add(name);
    const result = await client.callTool({name, arguments: args});
    assert.ok(!result.isError, `${name}: ${JSON.stringify(result.content)}`);
    assert.equal(result.content[0].type, "text");
    return result.structuredContent;
  };
  const trial = await call("add_task", {title: "Water the plants", dry_run: true});
  assert.equal(trial.dry_run, true);
  const key = crypto.randomUUID();
  const asked = {title: "Water the plants", due_at: "tomorrow at 17:00", tags: ["garden"], priority: "high", idempotency_key: key};
  const {task} = await call("add_task", asked);
  assert.equal((await call("add_task", asked)).task.id, task.id);
  assert.equal((await call("list_tasks", {due_after: "today", tags: ["garden"]})).tasks.length, 1);
  assert.equal((await call("get_task", {id: task.id})).task.title, "Water the plants");
  assert.equal((await call("update_task", {id: task.id, due_at: null, project: "Home", version: 1})).task.due_at, null);
  assert.equal((await call("search_tasks", {query: "plant"})).tasks[0].id, task.id);
  assert.equal((await call("complete_task", {id: task.id})).task.completed, true);
  const {changes, open} = await call("recent_changes", {limit: 1});
  assert.equal(changes[0].change, "completed");
  assert.equal(open.total, 0);
  await call("undo", {event_id: changes[0].event_id});
  assert.equal((await call("get_task", {id: task.id})).task.completed, false);
  await call("comment_task", {id: task.id, text: "Rain is forecast."});
  assert.equal((await call("list_comments", {id: task.id})).comments[0].text, "Rain is forecast.");
  await call("list_notifications", {unread: false});
  assert.deepEqual((await call("list_projects", {})).projects.map((p) => [p.name, p.open]), [["Home", 1]]);
  assert.deepEqual((await call("list_tags", {})).tags.map((t) => t.name), ["garden"]);

  const refused = await client.callTool({name: "add_task", arguments: {title: "x", due_at: "asap"}});
  assert.equal(refused.isError, true);
  assert.match(refused.content[0].text, /due_at.*RFC 3339/);

  assert.deepEqual((await client.listResources()).resources.map((r) => r.uri), ["taskwire://context"]);
  assert.deepEqual(
    (await client.listResourceTemplates()).resourceTemplates.map((r) => r.uriTemplate).sort(), ["conversation://{id}", "task://{id}"]);
  const read = async (uri) => JSON.parse((await client.readResource({uri})).contents[0].text);
  assert.equal((await read("taskwire://context")).open.total, 1);
  assert.equal((await read(`task://${task.id}`)).id, task.id);
  await client.callTool({name: "list_tasks", arguments: {}, _meta: {"taskwire.dev/conversation": key}});
  assert.equal((await read(`conversation://${key}`)).turns[0].tool, "list_tasks");

  assert.deepEqual((await client.listPrompts()).prompts.map((p) => p.name), ["plan_my_day"]);
  const prompt = await client.getPrompt({name: "plan_my_day", arguments: {date: "tomorrow", focus: "the garden"}});
  assert.match(prompt.messages[0].content.text, /Water the plants/);

  assert.equal((await call("delete_task", {id: task.id, dry_run: true})).title, "Water the plants");
  await call("delete_task", {id: task.id, idempotency_key: key + "-delete"});
  await call("delete_task", {id: task.id, idempotency_key: key + "-delete"});
  assert.equal((await client.callTool({name: "get_task", arguments: {id: task.id}})).isError, true);

  assert.deepEqual([...called].sort(), tools);
}
