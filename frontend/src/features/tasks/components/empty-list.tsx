import { Mark } from "@/components/brand";
import type { TaskQuery } from "../view/query";

const words: Record<TaskQuery["view"], [string, string]> = {
  today: ["Nothing is due today", "What you plan for today shows up here, and so does what is late."],
  upcoming: ["The days ahead are free", "Tasks with a date after today wait here, day by day."],
  overdue: ["You are on time", "Nothing has been left behind."],
  all: ["No tasks yet", "Write the first one above. It may say when, where and how important."],
  completed: ["Nothing completed yet", "What you tick off is kept here."],
};

export function EmptyList({ query }: { query: TaskQuery }) {
  const searching = query.q || query.priority;
  const [title, text] = searching
    ? ["Nothing fits", "Try fewer words, or take a filter away."]
    : words[query.view];
  return (
    <div className="flex flex-1 flex-col items-center justify-center pb-24 text-center">
      <Mark className="size-12 opacity-90 grayscale-[0.3]" />
      <h2 className="mt-5 text-lg font-semibold">{title}</h2>
      <p className="mt-1 max-w-sm text-ink-2">{text}</p>
    </div>
  );
}
