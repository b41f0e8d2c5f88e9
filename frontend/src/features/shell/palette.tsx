"use client";

import { Command } from "cmdk";
import {
  Circle,
  CircleCheckBig,
  Hash,
  Keyboard,
  LogOut,
  type LucideIcon,
  Moon,
  Plus,
  Search,
  Settings,
  Sun,
  Tag,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog as Radix } from "radix-ui";
import { useDeferredValue, useMemo, useState } from "react";
import {
  createTask,
  fold,
  matcher,
  type TaskQuery,
  useCounts,
  useSetTaskQuery,
  useTasks,
} from "@/features/tasks";
import { useSession } from "@/lib/session/use-session";
import { useTheme } from "@/lib/theme/use-theme";
import { adminItems } from "./admin-items";
import { leave } from "./leave";
import { navItems } from "./nav-items";

interface PaletteProps {
  onOpenChange: (open: boolean) => void;
  onHelp: () => void;
}

interface Entry {
  key: string;
  label: string;
  icon: LucideIcon;
  run: () => void;
}

const plain: Partial<TaskQuery> = {
  view: "all",
  project: null,
  tag: null,
  q: "",
  priority: null,
  sort: null,
  task: null,
};
const mostTasks = 8;

/** The command palette: every page and action by name. */
export function Palette({ onOpenChange, onHelp }: PaletteProps) {
  const [text, setText] = useState("");
  const search = useDeferredValue(text.trim());
  const close = () => onOpenChange(false);
  const places = usePlaces();
  const actions = useActions(onHelp);
  const tasks = useFoundTasks(search);
  const fits = (entry: Entry) => fold(` ${entry.label}`).includes(` ${fold(search).trim()}`);
  const groups: [string, Entry[]][] = [
    ["Go to", places.filter(fits).slice(0, search ? 6 : 5)],
    ["Tasks", tasks],
    ["Do", search ? actions.filter(fits) : actions],
  ];
  if (search) {
    groups.push([
      "",
      [{ key: "new", label: `New task “${search}”`, icon: Plus, run: () => createTask({ title: search }) }],
    ]);
  }
  const [selected, select] = useSelection(search, groups);
  return (
    <Radix.Root open onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 bg-black/40 data-[state=open]:animate-fade" />
        <Radix.Content
          data-modal=""
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[max(0.75rem,12vh)] z-50 mx-auto max-w-xl overflow-hidden rounded-2xl border border-line-2 bg-raised shadow-2 outline-none data-[state=open]:animate-rise"
        >
          <Radix.Title className="sr-only">Find anything</Radix.Title>
          <Command shouldFilter={false} label="Find anything" loop value={selected} onValueChange={select}>
            <div className="flex items-center gap-3 border-b border-line px-4">
              <Search className="size-4.5 text-ink-3" aria-hidden />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="Go to, find or do"
                maxLength={200}
                className="h-13 flex-1 bg-transparent outline-none placeholder:text-ink-3"
              />
            </div>
            <Command.List className="max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
              {groups.map(([heading, entries]) =>
                entries.length === 0 ? null : (
                  <Command.Group
                    key={heading || "new"}
                    heading={heading || undefined}
                    className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3"
                  >
                    {entries.map(({ key, label, icon: Icon, run }) => (
                      <Command.Item
                        key={key}
                        value={key}
                        onSelect={() => {
                          close();
                          run();
                        }}
                        className="flex h-10 items-center gap-3 rounded-lg px-2.5 text-sm data-[selected=true]:bg-hover"
                      >
                        <Icon className="size-4 shrink-0 text-ink-3" aria-hidden />
                        <span className="truncate" dir="auto">
                          {label}
                        </span>
                      </Command.Item>
                    ))}
                  </Command.Group>
                ),
              )}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/**
 * The first listed item, until the user selects another from the same list. By default, cmdk selects when the text
 * changes, which is before the deferred list changes: its selection may then be gone, and Enter does nothing.
 */
function useSelection(
  search: string,
  groups: [string, Entry[]][],
): [string | undefined, (key: string) => void] {
  const [chosen, setChosen] = useState({ search, key: "" });
  const keys = groups.flatMap(([, entries]) => entries.map(({ key }) => key));
  const holds = chosen.search === search && keys.includes(chosen.key);
  return [holds ? chosen.key : keys[0], (key) => setChosen({ search, key })];
}

function usePlaces(): Entry[] {
  const { projects, tags } = useCounts();
  const { account } = useSession();
  const setQuery = useSetTaskQuery();
  const router = useRouter();
  const link = (href: string, label: string, icon: LucideIcon): Entry => ({
    key: href,
    label,
    icon,
    run: () => router.push(href),
  });
  return [
    ...navItems.map(({ view, label, icon }) => ({
      key: `view-${view}`,
      label,
      icon,
      run: () => setQuery({ ...plain, view }),
    })),
    ...projects.map(([project]) => ({
      key: `project-${project}`,
      label: project,
      icon: Hash,
      run: () => setQuery({ ...plain, project }),
    })),
    ...tags.map(([tag]) => ({
      key: `tag-${tag}`,
      label: tag,
      icon: Tag,
      run: () => setQuery({ ...plain, tag }),
    })),
    link("/settings", "Settings", Settings),
    ...(account?.role === "admin" ? adminItems.map(({ href, label, icon }) => link(href, label, icon)) : []),
  ];
}

function useActions(onHelp: () => void): Entry[] {
  const [, setTheme] = useTheme();
  return [
    // After the palette has returned the focus.
    { key: "help", label: "Show the keys", icon: Keyboard, run: () => setTimeout(onHelp) },
    { key: "light", label: "Light theme", icon: Sun, run: () => setTheme("light") },
    { key: "dark", label: "Dark theme", icon: Moon, run: () => setTheme("dark") },
    { key: "out", label: "Sign out", icon: LogOut, run: () => void leave() },
  ];
}

function useFoundTasks(search: string): Entry[] {
  const { tasks } = useTasks();
  const setQuery = useSetTaskQuery();
  return useMemo(() => {
    if (search.length < 2) return [];
    const matches = matcher(search);
    const found: Entry[] = [];
    for (const task of tasks.values()) {
      if (!matches(task)) continue;
      found.push({
        key: task.id,
        label: task.title,
        icon: task.completed ? CircleCheckBig : Circle,
        run: () => setQuery({ task: task.id }),
      });
      if (found.length === mostTasks) break;
    }
    return found;
  }, [tasks, search, setQuery]);
}
