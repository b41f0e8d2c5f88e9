import { TasksPage } from "@/features/tasks/components/tasks-page";

export default function HomePage() {
  return <TasksPage />;
}
