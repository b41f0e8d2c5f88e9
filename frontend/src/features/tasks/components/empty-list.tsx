"use client";

import { Mark } from "@/components/brand";
import { Button } from "@/components/ui/button";
import { useSetTaskQuery } from "../hooks/use-task-query";
import { beginTask } from "../quick-add/requests";
import { plainQuery, type TaskQuery } from "../view/query";
import * as words from "@/messages/emptyList";

type Go = ReturnType<typeof useSetTaskQuery>;

interface Reason {
  title: () => string;
  text: () => string;
  /** The one thing to do next. */
  act: () => string;
  run: (go: Go) => void;
}

const reasons: Record<TaskQuery["view"], Reason> = {
  inbox: {
    title: words.inboxTitle,
    text: words.inboxText,
    act: words.addTask,
    run: () => beginTask(),
  },
  today: {
    title: words.todayTitle,
    text: words.todayText,
    act: words.addForToday,
    run: () => beginTask(),
  },
  upcoming: {
    title: words.upcomingTitle,
    text: words.upcomingText,
    act: words.planTomorrow,
    run: () => beginTask(`${words.tomorrow()} `),
  },
  overdue: {
    title: words.overdueTitle,
    text: words.overdueText,
    act: words.showToday,
    run: (go) => go({ view: "today" }),
  },
  all: {
    title: words.allTitle,
    text: words.allText,
    act: words.addTask,
    run: () => beginTask(),
  },
  completed: {
    title: words.completedTitle,
    text: words.completedText,
    act: words.showOpen,
    run: (go) => go({ view: "all" }),
  },
};

const noMatch: Reason = {
  title: words.noMatchTitle,
  text: words.noMatchText,
  act: words.clearFilters,
  run: (go) => go({ q: "", priority: null, filter: "" }),
};

const emptyView: Reason = {
  title: words.viewTitle,
  text: words.viewText,
  act: words.showAll,
  run: (go) => go(plainQuery),
};

function reasonOf({ view, q, priority, filter, saved }: TaskQuery): Reason {
  // The filter of a saved view is its own, and is not in the address.
  if (q || priority || (filter && !saved)) return noMatch;
  return saved ? emptyView : reasons[view];
}

export function EmptyList({ query }: { query: TaskQuery }) {
  const go = useSetTaskQuery();
  const { title, text, act, run } = reasonOf(query);
  return (
    <div className="flex flex-1 flex-col items-center justify-center pb-12 text-center">
      <Mark className="size-12 opacity-90 grayscale-[0.3]" />
      <h2 className="mt-5 text-lg font-semibold">{title()}</h2>
      <p className="mt-1 max-w-sm text-ink-2">{text()}</p>
      <Button className="mt-5 print:hidden" onClick={() => run(go)}>
        {act()}
      </Button>
    </div>
  );
}
