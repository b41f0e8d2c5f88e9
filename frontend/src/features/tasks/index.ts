/** What other features may use of the tasks. */
export { createTask } from "./changes";
export { Conflicts } from "./components/conflicts";
export { SeriesQuestions } from "./components/series-questions";
export { TaskOutcomeToasts } from "./components/outcome-toasts";
export { useCounts } from "./hooks/use-counts";
export { useSetTaskQuery, useTaskQuery } from "./hooks/use-task-query";
export { useTasks } from "./hooks/use-tasks";
export { taskStore } from "./store";
export { taskHref, type TaskQuery, type View } from "./view/query";
export { fold, matcher } from "./view/search";
