/**
 * Everything that a key does, with the keys that do it unless the user has chosen another. The user can change the first
 * key of a command; the others always work. Names for people are in `command-info.ts`, which the first page does not need.
 */
const defaults = {
  find: ["mod+k"],
  new: ["n"],
  search: ["/"],
  undo: ["z", "mod+z"],
  redo: ["shift+z", "mod+shift+z", "mod+y"],
  keys: ["?"],

  "go.inbox": ["g i"],
  "go.today": ["g t"],
  "go.upcoming": ["g u"],
  "go.overdue": ["g o"],
  "go.all": ["g a"],
  "go.completed": ["g c"],
  "go.trash": ["g d"],
  "go.settings": ["g s"],
  "go.notifications": ["g n"],

  next: ["j", "ArrowDown"],
  previous: ["k", "ArrowUp"],
  first: ["Home"],
  last: ["End"],
  open: ["Enter"],
  rename: ["e", "F2"],
  select: ["x"],
  selectDown: ["shift+ArrowDown"],
  selectUp: ["shift+ArrowUp"],
  selectAll: ["mod+a"],
  moveDown: ["alt+ArrowDown"],
  moveUp: ["alt+ArrowUp"],
  close: ["Escape"],

  complete: ["c"],
  due: ["d"],
  priority: ["f"],
  urgent: ["1"],
  high: ["2"],
  medium: ["3"],
  low: ["4"],
  none: ["0"],
  project: ["p"],
  section: ["shift+p"],
  tag: ["t"],
  repeat: ["r"],
  remind: ["b"],
  move: ["m"],
  indent: ["]"],
  outdent: ["["],
  duplicate: ["shift+d"],
  copyLink: ["l"],
  skip: ["s"],
  delete: ["Delete"],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type CommandId = keyof typeof defaults;

export const defaultKeys: Record<CommandId, readonly [string, ...string[]]> = defaults;
export const commandIds = Object.keys(defaults) as CommandId[];
