"use client";

import { useQueryClient } from "@tanstack/react-query";
import {
  Circle,
  CircleCheckBig,
  Hash,
  LogOut,
  type LucideIcon,
  Moon,
  Plus,
  Search,
  Settings,
  Sun,
  Tag,
  Trash2,
} from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useDeferredValue, useMemo, useState } from "react";
import {
  addTask,
  fold,
  matcher,
  mayHaveOlder,
  plainQuery,
  readTask,
  sayWhereItWent,
  taskStore,
  useLabelNames,
  useLabelsLoaded,
  useSetTaskQuery,
  useTaskQuery,
  useTasks,
} from "@/features/tasks";
import { type Choice, type ChoiceGroup, CommandDialog } from "@/components/ui/command-dialog";
import type { Typed } from "@/components/ui/lazy-dialog";
import { type CommandInfo, commandInfo } from "@/lib/keys/command-info";
import type { CommandId } from "@/lib/keys/commands";
import { keymap } from "@/lib/keys/keymap";
import { keyRegistry } from "@/lib/keys/registry";
import { useSession } from "@/lib/session/use-session";
import { useTheme } from "@/lib/theme/use-theme";
import * as common from "@/messages/common";
import * as shell from "@/messages/shell";
import * as words from "@/messages/shellLater";
import { adminItems } from "./admin-items";
import { leave } from "./leave";
import { navItems } from "./nav-items";

interface PaletteProps {
  typed: Typed;
  onClose: () => void;
}

const mostTasks = 8;

/** The command palette: every page and every command by name. */
export function Palette({ typed, onClose }: PaletteProps) {
  const [text, setText] = useState(typed.text);
  const search = useDeferredValue(text.trim());
  const places = usePlaces();
  const { commands, onTasks: onSubject, subject } = useBoundCommands();
  const actions = [...commands, ...useActions()];
  const { open, completed } = useFoundTasks(search);
  const { loaded } = useTasks();
  const ready = useLabelsLoaded() && loaded;
  const older = useOlderTasks(search);
  const fits = (choice: Choice) => fold(` ${choice.label}`).includes(` ${fold(search).trim()}`);
  const groups: ChoiceGroup[] = [
    ...(subject && !search ? [[subject, onSubject] satisfies ChoiceGroup] : []),
    [words.goTo(), places.filter(fits).slice(0, 6)],
    ...(subject && search ? [[subject, onSubject.filter(fits)] satisfies ChoiceGroup] : []),
    [shell.tasks(), open],
    [words.completedTasks(), [...completed, ...older]],
    [words.actions(), search ? actions.filter(fits) : actions],
  ];
  if (search) {
    groups.push([
      "",
      [{ key: "new", label: words.newTask({ title: search }), icon: Plus, run: () => void add(search) }],
    ]);
  }
  const client = useQueryClient();
  const setQuery = useSetTaskQuery();
  const query = useTaskQuery();
  const onTasks = usePathname() === "/";
  /** Reads dates, a project, tags and a priority like the input for new tasks. */
  async function add(text: string) {
    const id = addTask(await readTask(client, text));
    if (id) void sayWhereItWent(id, onTasks ? query : null, setQuery);
  }
  return (
    <CommandDialog
      title={words.findAnything()}
      placeholder={words.findHint()}
      text={text}
      onText={setText}
      search={search}
      groups={groups}
      ready={ready}
      entered={typed.entered}
      onClose={onClose}
    />
  );
}

/** The commands that apply where the focus was when the palette opened; those on tasks apart, with what they act on. */
function useBoundCommands() {
  const [bound] = useState(() => keyRegistry.at(document.activeElement));
  const commands: Choice[] = [];
  const onTasks: Choice[] = [];
  let subject = "";
  for (const [id, { icon, name }] of Object.entries(commandInfo) as [CommandId, CommandInfo][]) {
    const binding = icon && bound.find(({ command }) => command === id);
    if (!binding) continue;
    const { tasks, run } = binding;
    (tasks ? onTasks : commands).push({ key: id, label: name(), icon, keys: keymap.of(id)[0], run });
    if (tasks) subject ||= nameTasks(tasks);
  }
  return { commands, onTasks, subject };
}

function nameTasks(ids: readonly string[]): string {
  const [only] = ids;
  return ids.length === 1 && only
    ? words.oneTask({ title: taskStore.get(only)?.title ?? "" })
    : words.selectedTasks({ count: ids.length });
}

function usePlaces(): Choice[] {
  const projects = useLabelNames("project");
  const tags = useLabelNames("tag");
  const { account } = useSession();
  const setQuery = useSetTaskQuery();
  const router = useRouter();
  const link = (href: string, label: string, icon: LucideIcon, command?: CommandId): Choice => ({
    key: href,
    label,
    icon,
    keys: command && keymap.of(command)[0],
    run: () => router.push(href),
  });
  return [
    ...navItems.map(({ view, label, icon }) => ({
      key: `view-${view}`,
      label: label(),
      icon,
      keys: keymap.of(`go.${view}`)[0],
      run: () => setQuery({ ...plainQuery, view }),
    })),
    ...projects.map((project) => ({
      key: `project-${project}`,
      label: project,
      icon: Hash,
      run: () => setQuery({ ...plainQuery, project }),
    })),
    ...tags.map((tag) => ({
      key: `tag-${tag}`,
      label: tag,
      icon: Tag,
      run: () => setQuery({ ...plainQuery, tag }),
    })),
    link("/trash", common.trash(), Trash2, "go.trash"),
    link("/settings", shell.settings(), Settings, "go.settings"),
    ...(account?.role === "admin"
      ? adminItems.map(({ href, label, icon }) => link(href, label(), icon))
      : []),
  ];
}

function useActions(): Choice[] {
  const [, setTheme] = useTheme();
  return [
    { key: "light", label: words.lightTheme(), icon: Sun, run: () => setTheme("light") },
    { key: "dark", label: words.darkTheme(), icon: Moon, run: () => setTheme("dark") },
    { key: "out", label: shell.signOut(), icon: LogOut, run: () => void leave() },
  ];
}

function useFoundTasks(search: string): { open: Choice[]; completed: Choice[] } {
  const { tasks } = useTasks();
  const setQuery = useSetTaskQuery();
  return useMemo(() => {
    const open: Choice[] = [];
    const completed: Choice[] = [];
    if (search.length < 2) return { open, completed };
    const matches = matcher(search);
    for (const task of tasks.values()) {
      const found = task.completed ? completed : open;
      if (found.length === mostTasks || !matches(task)) continue;
      found.push({
        key: task.id,
        label: task.title,
        icon: task.completed ? CircleCheckBig : Circle,
        run: () => setQuery({ task: task.id }),
      });
      if (open.length === mostTasks && completed.length === mostTasks) break;
    }
    return { open, completed };
  }, [tasks, search, setQuery]);
}

/** A search on the server, if it may have completed tasks that the browser does not have. */
function useOlderTasks(q: string): Choice[] {
  const { tasks } = useTasks();
  const setQuery = useSetTaskQuery();
  const some = useMemo(() => mayHaveOlder(tasks), [tasks]);
  if (!some || q.length < 2) return [];
  const run = () => setQuery({ ...plainQuery, view: "completed", q });
  return [{ key: "older", label: words.searchCompleted({ text: q }), icon: Search, run }];
}
