import {
  AlarmClock,
  ArrowUpDown,
  CalendarDays,
  CircleCheckBig,
  Copy,
  Flag,
  FolderInput,
  IndentDecrease,
  IndentIncrease,
  Keyboard,
  Link,
  type LucideIcon,
  Redo2,
  Repeat,
  Rows3,
  SkipForward,
  Tag,
  Trash2,
  Undo2,
} from "lucide-react";
import * as words from "@/messages/commands";
import * as common from "@/messages/common";
import { type CommandId, commandIds } from "./commands";

export const commandGroups = ["everywhere", "goTo", "list", "tasks"] as const;
export type CommandGroup = (typeof commandGroups)[number];

export const groupNames: Record<CommandGroup, () => string> = {
  everywhere: words.everywhere,
  goTo: words.goTo,
  list: words.theList,
  tasks: words.theTasks,
};

export interface CommandInfo {
  /** What it does, as it is called in the palette, the menus, the help and the settings. */
  name: () => string;
  group: CommandGroup;
  /** Those with an icon are in the palette. */
  icon?: LucideIcon;
  /** The user cannot change its key. */
  fixed?: boolean;
}

const everywhere = (name: () => string, icon?: LucideIcon) => info("everywhere", name, icon);
const goTo = (name: () => string) => info("goTo", name);
const list = (name: () => string, fixed = false): CommandInfo => ({ ...info("list", name), fixed });
const tasks = (name: () => string, icon?: LucideIcon) => info("tasks", name, icon);

function info(group: CommandGroup, name: () => string, icon?: LucideIcon): CommandInfo {
  return { group, name, ...(icon ? { icon } : {}) };
}

export const commandInfo: Record<CommandId, CommandInfo> = {
  find: everywhere(words.find),
  new: everywhere(words.newTask),
  search: everywhere(common.search),
  undo: everywhere(common.undo, Undo2),
  redo: everywhere(common.redo, Redo2),
  keys: everywhere(words.showKeys, Keyboard),

  "go.inbox": goTo(words.inbox),
  "go.today": goTo(common.today),
  "go.upcoming": goTo(words.upcoming),
  "go.overdue": goTo(words.overdue),
  "go.all": goTo(words.allTasks),
  "go.completed": goTo(words.completed),
  "go.trash": goTo(common.trash),
  "go.settings": goTo(words.settings),
  "go.notifications": goTo(words.notifications),

  next: list(words.nextTask),
  previous: list(words.previousTask),
  first: list(words.firstTask),
  last: list(words.lastTask),
  open: list(words.openDetails, true),
  rename: list(words.changeTitle),
  select: list(words.select),
  selectDown: list(words.selectDown),
  selectUp: list(words.selectUp),
  selectAll: list(words.selectAll),
  moveDown: list(words.moveDown),
  moveUp: list(words.moveUp),
  close: list(words.closeOrDeselect, true),

  complete: tasks(words.complete, CircleCheckBig),
  due: tasks(words.dueDate, CalendarDays),
  priority: tasks(words.priority, Flag),
  urgent: tasks(words.priorityUrgent),
  high: tasks(words.priorityHigh),
  medium: tasks(words.priorityMedium),
  low: tasks(words.priorityLow),
  none: tasks(words.priorityNone),
  project: tasks(words.project, FolderInput),
  section: tasks(words.section, Rows3),
  tag: tasks(words.tag, Tag),
  repeat: tasks(words.repeat, Repeat),
  remind: tasks(words.remind, AlarmClock),
  move: tasks(words.move, ArrowUpDown),
  indent: tasks(words.indent, IndentIncrease),
  outdent: tasks(words.outdent, IndentDecrease),
  duplicate: tasks(words.duplicate, Copy),
  copyLink: tasks(words.copyLink, Link),
  skip: tasks(words.skip, SkipForward),
  delete: tasks(common.toDelete, Trash2),
};

/** The commands of a group in the order of the registry. */
export const commandsOf = (group: CommandGroup): CommandId[] =>
  commandIds.filter((id) => commandInfo[id].group === group);
