"use client";

import { Hash, Tag, Trash2 } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type CSSProperties, type ReactNode, Suspense } from "react";
import { Brand } from "@/components/brand";
import {
  type DropTarget,
  dropTarget,
  type LabelKind,
  LabelMenu,
  NewLabelButton,
  taskHref,
  useCounts,
  useLabels,
  useTaskQuery,
  type View,
} from "@/features/tasks";
import { cn } from "@/lib/cn";
import { lazyPart } from "@/lib/lazy-part";
import { useSession } from "@/lib/session/use-session";
import * as common from "@/messages/common";
import * as words from "@/messages/shell";
import { adminItems } from "./admin-items";
import { navItems } from "./nav-items";
import { NavLink } from "./nav-link";
import { UserMenu } from "./user-menu";

const SavedViewList = lazyPart(() => import("./saved-view-list").then((m) => m.SavedViewList));

/** The navigation beside the page; on a phone, inside the menu. */
export function Sidebar() {
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-14 shrink-0 items-center px-4">
        <NavLink href="/" className="rounded-lg">
          <Brand />
        </NavLink>
      </div>
      <nav aria-label={words.tasks()} className="min-h-0 flex-1 space-y-6 overflow-y-auto px-2.5 pt-1 pb-4">
        <Suspense>
          <Lists />
        </Suspense>
        <AdminList />
      </nav>
      <div className="shrink-0 border-t border-line p-2.5">
        <UserMenu />
      </div>
    </div>
  );
}

function Lists() {
  const counts = useCounts();
  const query = useTaskQuery();
  const pathname = usePathname();
  const onTasks = pathname === "/";
  const listed = query.project ?? query.tag ?? query.saved;
  return (
    <>
      <ul className="space-y-0.5">
        {navItems.map(({ view, label, icon: Icon }) => (
          <li key={view}>
            <Item
              href={taskHref({ view })}
              current={onTasks && !listed && query.view === view}
              icon={<Icon />}
              label={label()}
              count={view === "completed" ? 0 : counts.views[view]}
              alarm={view === "overdue"}
              drop={days[view]}
            />
          </li>
        ))}
        <li>
          <Link
            href="/trash"
            prefetch={false}
            aria-current={pathname === "/trash" ? "page" : undefined}
            className={itemStyles(pathname === "/trash")}
          >
            <Trash2 />
            {common.trash()}
          </Link>
        </li>
      </ul>
      <SavedViewList current={onTasks ? query.saved : null} />
      <Labels
        kind="project"
        title={words.projects()}
        icon={<Hash />}
        current={onTasks ? query.project : null}
      />
      <Labels kind="tag" title={words.tags()} icon={<Tag />} current={onTasks ? query.tag : null} />
    </>
  );
}

interface LabelsProps {
  kind: LabelKind;
  title: string;
  icon: ReactNode;
  current: string | null;
}

/** The projects, or the tags that open tasks have. */
function Labels({ kind, title, icon, current }: LabelsProps) {
  const all = useLabels(kind);
  const items = kind === "project" ? all : all.filter(({ name, count }) => count > 0 || name === current);
  if (kind === "tag" && items.length === 0) return null;
  return (
    <Group
      title={
        <Link
          href="/projects"
          prefetch={false}
          className="inline-flex items-center rounded hover:text-ink hover:underline pointer-coarse:min-h-11"
        >
          {title}
        </Link>
      }
      action={<NewLabelButton kind={kind} />}
      empty={words.noProjects()}
    >
      {items.map(({ name, count, label }) => (
        <li key={label?.id ?? name} className="group/label relative">
          <Item
            href={taskHref({ [kind]: name })}
            current={current === name}
            icon={icon}
            color={label?.color}
            label={name}
            count={count}
            drop={kind === "project" ? { project: name } : { tag: name }}
            className={
              label
                ? "pe-9 group-has-focus-visible/label:pe-9! group-has-data-[state=open]/label:pe-9! pointer-coarse:pe-12! pointer-fine:pe-2.5 pointer-fine:group-hover/label:pe-9"
                : ""
            }
          />
          {label ? (
            <LabelMenu
              kind={kind}
              label={label}
              className="absolute end-1 top-0.5 pointer-coarse:end-0 pointer-coarse:top-0 pointer-fine:opacity-0 pointer-fine:group-hover/label:opacity-100 pointer-fine:focus-visible:opacity-100 pointer-fine:data-[state=open]:opacity-100"
            />
          ) : null}
        </li>
      ))}
    </Group>
  );
}

function AdminList() {
  const { account } = useSession();
  const pathname = usePathname();
  if (account?.role !== "admin" || adminItems.length === 0) return null;
  return (
    <Group title={words.operations()}>
      {adminItems.map(({ href, label, icon: Icon }) => (
        <li key={href}>
          <Link
            href={href}
            aria-current={pathname === href ? "page" : undefined}
            className={itemStyles(pathname === href)}
          >
            <Icon />
            <span className="truncate">{label()}</span>
          </Link>
        </li>
      ))}
    </Group>
  );
}

interface GroupProps {
  title: ReactNode;
  action?: ReactNode;
  empty?: string;
  children: ReactNode[];
}

function Group({ title, action, empty, children }: GroupProps) {
  return (
    <section>
      <div className="flex min-h-7 items-center justify-between pe-1 pb-0.5">
        <h2 className="px-2.5 text-xs font-medium tracking-normal text-ink-3">{title}</h2>
        {action}
      </div>
      {children.length > 0 ? (
        <ul className="space-y-0.5">{children}</ul>
      ) : (
        <p className="px-2.5 text-[0.8125rem] text-ink-3">{empty}</p>
      )}
    </section>
  );
}

/** The days of views to which tasks can be dragged, counted from today. */
const days: Partial<Record<View, DropTarget>> = { today: { inDays: 0 }, upcoming: { inDays: 1 } };

export const itemStyles = (current: boolean) =>
  cn(
    "flex h-8.5 items-center gap-2.5 rounded-lg px-2.5 text-sm text-ink-2 transition-colors hover:bg-hover hover:text-ink pointer-coarse:h-11",
    "[&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3",
    "data-over:bg-accent-wash data-over:text-ink data-over:outline-2 data-over:outline-accent",
    current && "bg-accent-wash font-medium text-ink hover:bg-accent-wash [&_svg]:text-accent",
  );

interface ItemProps {
  href: string;
  current: boolean;
  icon: ReactNode;
  label: string;
  count: number;
  alarm?: boolean;
  color?: string | null | undefined;
  className?: string;
  /** What a task gets that is dropped here. */
  drop?: DropTarget | undefined;
}

function Item({ href, current, icon, label, count, alarm, color, className, drop }: ItemProps) {
  return (
    <NavLink
      href={href}
      aria-current={current ? "page" : undefined}
      className={cn(itemStyles(current), className)}
      {...(drop ? dropTarget(drop) : {})}
    >
      {color ? (
        <span
          className="contents [&>svg]:text-(--label)!"
          style={{ "--label": `var(--label-${color})` } as CSSProperties}
        >
          {icon}
        </span>
      ) : (
        icon
      )}
      <span className="min-w-0 flex-1 truncate" dir="auto">
        {label}
      </span>
      {count > 0 ? (
        <span className={cn("tabular text-xs", alarm ? "font-medium text-danger" : "text-ink-3")}>
          {count}
        </span>
      ) : null}
    </NavLink>
  );
}
