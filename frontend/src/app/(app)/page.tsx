import { TasksPage } from "@/features/tasks/components/tasks-page";
import { FirstPage } from "@/features/welcome/first-page";
import { Welcome } from "@/features/welcome/welcome";

export default function HomePage() {
  return (
    <FirstPage welcome={<Welcome />}>
      <TasksPage />
    </FirstPage>
  );
}
