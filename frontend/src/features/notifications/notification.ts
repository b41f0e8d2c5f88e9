/** What a user is told apart from tasks, as the API tells it. There may be more kinds one day. */
export interface Notification {
  id: string;
  kind: "upcoming" | "overdue" | (string & {});
  task_id: string;
  title: string;
  body: string;
  created_at: string;
  read_at: string | null;
  snoozed_until?: string;
}

/** For how long a notification can be put off. */
export const snoozes: { for: string; label: string }[] = [
  { for: "PT10M", label: "10 minutes" },
  { for: "PT1H", label: "1 hour" },
  { for: "PT3H", label: "3 hours" },
  { for: "P1D", label: "A day" },
  { for: "P7D", label: "A week" },
];
