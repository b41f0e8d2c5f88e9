import { Mark } from "@/components/brand";
import type { TaskQuery } from "../view/query";

const words: Record<TaskQuery["view"], [string, string]> = {
  today: ["Nothing is due today", "Tasks due today and overdue tasks appear here."],
  upcoming: ["The days ahead are free", "Tasks due after today appear here, day by day."],
  overdue: ["You are on time", "Nothing is overdue."],
  all: [
    "No tasks yet",
    "Type your first task above. You can include a date, a project, tags and a priority.",
  ],
  completed: ["Nothing completed yet", "Completed tasks appear here."],
};

export function EmptyList({ query }: { query: TaskQuery }) {
  const searching = query.q || query.priority;
  const [title, text] = searching
    ? ["Nothing fits", "Try fewer words, or remove a filter."]
    : words[query.view];
  return (
    <div className="flex flex-1 flex-col items-center justify-center pb-24 text-center">
      <Mark className="size-12 opacity-90 grayscale-[0.3]" />
      <h2 className="mt-5 text-lg font-semibold">{title}</h2>
      <p className="mt-1 max-w-sm text-ink-2">{text}</p>
    </div>
  );
}
