import { TasksTitle } from "@/features/tasks/components/tasks-title";
import { FirstPage } from "@/features/welcome/first-page";
import { Welcome } from "@/features/welcome/welcome";

/** The title of the tasks, which the layout keeps, or the first page. */
export default function HomePage() {
  return (
    <FirstPage welcome={<Welcome />}>
      <TasksTitle />
    </FirstPage>
  );
}
