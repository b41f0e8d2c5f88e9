package userlog

import (
	"time"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
)

// queueReminders updates the planned reminders (the table task_reminder) after a change of a task. It costs nothing for
// tasks without a due date, and for changes that do not affect reminders.
func queueReminders(b *pgx.Batch, e task.Event) {
	if !reminder.Touched(e) {
		return
	}
	plan := reminder.PlanOf(e.Row(), e.Time)
	if plan.DueAt.IsZero() {
		// primary key of task_reminder. Sent reminders are kept, in case the task is restored.
		b.Queue(`UPDATE task_reminder SET remind_at = NULL WHERE user_id = $1 AND task_id = $2 AND remind_at IS NOT NULL`, e.UserID, e.TaskID)
		return
	}
	windows, times := make([]string, len(plan.Upcoming)), make([]time.Time, len(plan.Upcoming))
	for i, u := range plan.Upcoming {
		windows[i], times[i] = u.Window, u.At
	}
	// primary keys of preference and task_reminder
	const save = `
WITH wanted AS (
  SELECT unnest($4::text[]) AS time_window, unnest($5::timestamptz[]) AS remind_at, false AS by_lead
  UNION ALL
  SELECT coalesce(p.reminder_lead, $7), $3::timestamptz - coalesce(p.lead, $8::interval), true
  FROM (SELECT) AS one LEFT JOIN preference p ON p.user_id = $1 WHERE $6
), dropped AS (
  DELETE FROM task_reminder WHERE user_id = $1 AND task_id = $2 AND kind = 'upcoming' AND sent_for IS NULL
    AND time_window NOT IN (SELECT time_window FROM wanted)
), muted AS (
  UPDATE task_reminder SET remind_at = NULL WHERE user_id = $1 AND task_id = $2 AND kind = 'upcoming' AND sent_for IS NOT NULL
    AND remind_at IS NOT NULL AND time_window NOT IN (SELECT time_window FROM wanted)
)
INSERT INTO task_reminder AS r (user_id, task_id, kind, time_window, by_lead, due_at, remind_at)
SELECT $1, $2, 'upcoming', time_window, by_lead, $3, remind_at FROM wanted
UNION ALL SELECT $1, $2, 'overdue', '', false, $3, $3
ON CONFLICT (user_id, task_id, kind, time_window) DO UPDATE SET by_lead = EXCLUDED.by_lead, due_at = EXCLUDED.due_at,
  remind_at = CASE WHEN r.sent_for = EXCLUDED.due_at THEN NULL ELSE EXCLUDED.remind_at END`
	lead := reminder.DefaultLead()
	b.Queue(save, e.UserID, e.TaskID, plan.DueAt, windows, times, plan.ByLead, lead, reminder.Span(lead))
}
