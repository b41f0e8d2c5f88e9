package postgres

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
)

// savePlan keeps the ledger of reminders in step with a change of a task, in the change's own transaction. For what
// has no due date, and for changes that reminders do not depend on, it costs nothing.
func savePlan(b *pgx.Batch, e task.Event) {
	if !reminder.Touched(e) {
		return
	}
	plan := reminder.PlanOf(e.Row(), e.Time)
	if plan.DueAt.IsZero() {
		// primary key of task_reminder. What was sent stays known, should the task come back.
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

// savePreferencePlans keeps the ledger in step with the preferences. A task that was spoken of for its due date is
// spoken of again only if the new time is still to come.
func savePreferencePlans(b *pgx.Batch, user uuid.UUID, p preference.Preferences, now time.Time) {
	// primary key of task_reminder, by its first column; a user's own rows are few
	b.Queue(`UPDATE task_reminder SET remind_at = NULL WHERE user_id = $1 AND kind = 'upcoming' AND by_lead AND remind_at IS NOT NULL AND time_window <> $2`,
		user, p.ReminderLead)
	// primary keys of task, by its first column, and of task_reminder
	const upcoming = `
INSERT INTO task_reminder AS r (user_id, task_id, kind, time_window, by_lead, due_at, remind_at)
SELECT $1, t.id, 'upcoming', $2, true, t.due_at, t.due_at - $3::interval
FROM task t
WHERE t.user_id = $1 AND t.due_at > $4 AND t.reminders = '{}' AND t.completed_at IS NULL AND t.deleted_at IS NULL
  AND (t.due_at - $3::interval > $4 OR NOT EXISTS (SELECT FROM task_reminder s
    WHERE s.user_id = $1 AND s.task_id = t.id AND s.kind = 'upcoming' AND s.sent_for = t.due_at))
ON CONFLICT (user_id, task_id, kind, time_window) DO UPDATE SET by_lead = true, due_at = EXCLUDED.due_at,
  remind_at = CASE WHEN r.sent_for = EXCLUDED.due_at THEN NULL ELSE EXCLUDED.remind_at END`
	b.Queue(upcoming, user, p.ReminderLead, reminder.Span(p.ReminderLead), now)
	// The zone decides which day it is, and a preference whether anything is sent: the tick looks at all of them anew.
	const overdue = `
UPDATE task_reminder r SET remind_at = r.due_at FROM task t
WHERE r.user_id = $1 AND r.kind = 'overdue' AND t.user_id = $1 AND t.id = r.task_id AND t.due_at = r.due_at
  AND t.completed_at IS NULL AND t.deleted_at IS NULL`
	b.Queue(overdue, user)
}
