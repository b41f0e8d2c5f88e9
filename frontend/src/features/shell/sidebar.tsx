"use client";

import { Hash, Tag } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, Suspense } from "react";
import { Brand } from "@/components/brand";
import { taskHref, useCounts, useTaskQuery } from "@/features/tasks";
import { cn } from "@/lib/cn";
import { useSession } from "@/lib/session/use-session";
import { adminItems } from "./admin-items";
import { navItems } from "./nav-items";
import { NavLink } from "./nav-link";
import { UserMenu } from "./user-menu";

/** The navigation beside the page; on a phone, inside the menu. */
export function Sidebar() {
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-14 shrink-0 items-center px-4">
        <NavLink href="/" className="rounded-lg">
          <Brand />
        </NavLink>
      </div>
      <nav aria-label="Tasks" className="min-h-0 flex-1 space-y-6 overflow-y-auto px-2.5 pt-1 pb-4">
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
  const onTasks = usePathname() === "/";
  const listed = query.project ?? query.tag;
  return (
    <>
      <ul className="space-y-0.5">
        {navItems.map(({ view, label, icon: Icon }) => (
          <li key={view}>
            <Item
              href={taskHref({ view })}
              current={onTasks && !listed && query.view === view}
              icon={<Icon />}
              label={label}
              count={view === "completed" ? 0 : counts.views[view]}
              alarm={view === "overdue"}
            />
          </li>
        ))}
      </ul>
      <Group title="Projects" empty="Type #home in a task to create a project.">
        {counts.projects.map(([project, count]) => (
          <li key={project}>
            <Item
              href={taskHref({ project })}
              current={onTasks && query.project === project}
              icon={<Hash />}
              label={project}
              count={count}
            />
          </li>
        ))}
      </Group>
      {counts.tags.length > 0 ? (
        <Group title="Tags">
          {counts.tags.map(([tag, count]) => (
            <li key={tag}>
              <Item
                href={taskHref({ tag })}
                current={onTasks && query.tag === tag}
                icon={<Tag />}
                label={tag}
                count={count}
              />
            </li>
          ))}
        </Group>
      ) : null}
    </>
  );
}

function AdminList() {
  const { account } = useSession();
  const pathname = usePathname();
  if (account?.role !== "admin" || adminItems.length === 0) return null;
  return (
    <Group title="Operations">
      {adminItems.map(({ href, label, icon: Icon }) => (
        <li key={href}>
          <Link
            href={href}
            aria-current={pathname === href ? "page" : undefined}
            className={itemStyles(pathname === href)}
          >
            <Icon />
            <span className="truncate">{label}</span>
          </Link>
        </li>
      ))}
    </Group>
  );
}

function Group({ title, empty, children }: { title: string; empty?: string; children: ReactNode[] }) {
  return (
    <section>
      <h2 className="px-2.5 pb-1 text-xs font-medium tracking-normal text-ink-3">{title}</h2>
      {children.length > 0 ? (
        <ul className="space-y-0.5">{children}</ul>
      ) : (
        <p className="px-2.5 text-[0.8125rem] text-ink-3">{empty}</p>
      )}
    </section>
  );
}

const itemStyles = (current: boolean) =>
  cn(
    "flex h-8.5 items-center gap-2.5 rounded-lg px-2.5 text-sm text-ink-2 transition-colors hover:bg-hover hover:text-ink",
    "[&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3",
    current && "bg-accent-wash font-medium text-ink hover:bg-accent-wash [&_svg]:text-accent",
  );

interface ItemProps {
  href: string;
  current: boolean;
  icon: ReactNode;
  label: string;
  count: number;
  alarm?: boolean;
}

function Item({ href, current, icon, label, count, alarm }: ItemProps) {
  return (
    <NavLink href={href} aria-current={current ? "page" : undefined} className={itemStyles(current)}>
      {icon}
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
