// The page: signs in, shows the tasks, and keeps them as the live stream says.
import { api, session, signIn, signOut, resume, Problem } from "./api.js";
import { follow } from "./stream.js";

const $ = (id) => document.getElementById(id);
const tasks = new Map();
let stopFollowing = () => {};

function say(error) {
  $("error").textContent = error instanceof Problem || error instanceof TypeError ? error.message : error ? String(error) : "";
}

/** Runs an action of the user and shows what goes wrong with it. */
async function attempt(action) {
  say("");
  try {
    await action();
  } catch (error) {
    if (error instanceof Problem && error.status === 401) leave();
    say(error);
  }
}

function show() {
  const open = [...tasks.values()].sort((a, b) => a.completed - b.completed || (a.position < b.position ? -1 : 1));
  $("empty").hidden = open.length > 0;
  const rows = new Map([...$("list").children].map((row) => [row.dataset.id, row]));
  open.forEach((task, i) => {
    const row = rows.get(task.id) ?? newRow(task.id);
    rows.delete(task.id);
    row.classList.toggle("done", task.completed);
    row.querySelector("input").checked = task.completed;
    row.querySelector("label").textContent = task.title;
    row.querySelector("button").setAttribute("aria-label", `Delete ${task.title}`);
    if ($("list").children[i] !== row) $("list").insertBefore(row, $("list").children[i] ?? null);
  });
  rows.forEach((row) => row.remove());
}

function newRow(id) {
  const row = document.createElement("li");
  row.dataset.id = id;
  const box = Object.assign(document.createElement("input"), { type: "checkbox", id: `done-${id}` });
  const label = Object.assign(document.createElement("label"), { htmlFor: box.id });
  const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "Delete" });
  box.addEventListener("change", () => attempt(() => api("PATCH", `/api/todos/${id}/complete`, { completed: box.checked })));
  remove.addEventListener("click", () => attempt(() => api("DELETE", `/api/todos/${id}`)));
  row.append(box, label, remove);
  return row;
}

async function reload() {
  const seen = new Map();
  for (let cursor = ""; cursor !== null; ) {
    const page = await api("GET", `/api/todos?status=all&limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    page.items.forEach((task) => seen.set(task.id, task));
    cursor = page.next_cursor;
  }
  // The stream may have been faster than the list.
  for (const [id, task] of seen) if (!(tasks.get(id)?.version > task.version)) tasks.set(id, task);
  for (const id of tasks.keys()) if (!seen.has(id)) tasks.delete(id);
  show();
}

function changed({ task_id, task }) {
  if (!task) tasks.delete(task_id);
  else if (!(tasks.get(task_id)?.version > task.version)) tasks.set(task_id, task);
  show();
}

function enter() {
  $("account").hidden = true;
  $("tasks").hidden = $("sign-out").hidden = false;
  $("title").focus();
  const following = new AbortController();
  stopFollowing = () => following.abort();
  const all = () => reload().catch(say);
  follow(following.signal, {
    state: (text) => ($("live").textContent = text),
    ended: leave,
    "hello": (data, fresh) => fresh && all(),
    "sync.reset": all,
    "sync.task-changed": changed,
  });
}

function leave() {
  stopFollowing();
  tasks.clear();
  show();
  $("account").hidden = false;
  $("tasks").hidden = $("sign-out").hidden = true;
  $("live").textContent = "Signed out";
}

$("account").addEventListener("submit", (event) => {
  event.preventDefault();
  const kind = event.submitter?.value ?? "login";
  const form = Object.fromEntries(new FormData(event.target));
  if (kind === "login") delete form.name;
  else form.name ||= form.email.split("@")[0];
  attempt(async () => {
    await signIn(kind, form);
    event.target.reset();
    enter();
  });
});

$("add").addEventListener("submit", (event) => {
  event.preventDefault();
  const title = $("title").value.trim();
  if (title) attempt(() => api("POST", "/api/todos", { title }).then(() => event.target.reset()));
});

$("sign-out").addEventListener("click", () => attempt(() => signOut().finally(leave)));

await resume().catch(() => {});
if (session.token) enter();
else leave();
