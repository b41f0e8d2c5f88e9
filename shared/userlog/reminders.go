package userlog

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
)

// queueReminders updates the planned reminders (the table task_reminder) after a change of a task. It costs nothing for
// tasks without a due date, and for changes that do not affect reminders.
func queueReminders(b *pgx.Batch, e task.Event, p preference.Preferences) {
	if !reminder.Touched(e) {
		return
	}
	plan := reminder.Plan(e.Row(), p, e.Time, e.Continues)
	if len(plan) == 0 {
		// primary key of task_reminder. Sent reminders are kept, in case the task is restored.
		b.Queue(`UPDATE task_reminder SET remind_at = NULL WHERE user_id = $1 AND task_id = $2 AND remind_at IS NOT NULL`, e.UserID, e.TaskID)
		return
	}
	// primary key of task_reminder
	const save = `
WITH wanted AS (
  SELECT * FROM unnest($3::text[], $4::text[], $5::boolean[], $6::timestamptz[], $7::timestamptz[], $8::boolean[])
    AS w (kind, time_window, by_lead, due_at, remind_at, late)
), dropped AS (
  DELETE FROM task_reminder WHERE user_id = $1 AND task_id = $2 AND kind = 'upcoming' AND sent_for IS NULL
    AND time_window NOT IN (SELECT time_window FROM wanted)
), muted AS (
  UPDATE task_reminder SET remind_at = NULL WHERE user_id = $1 AND task_id = $2 AND remind_at IS NOT NULL
    AND (kind = 'overdue' OR sent_for IS NOT NULL) AND (kind, time_window) NOT IN (SELECT kind, time_window FROM wanted)
)
INSERT INTO task_reminder AS r (user_id, task_id, kind, time_window, by_lead, due_at, remind_at)
SELECT $1, $2, w.kind, w.time_window, w.by_lead, w.due_at, CASE WHEN NOT w.late OR NOT EXISTS (
    SELECT FROM task_reminder s WHERE s.user_id = $1 AND s.task_id = $2 AND s.kind = 'upcoming' AND s.sent_for = w.due_at) AND ($9 OR EXISTS (
    SELECT FROM task_reminder p WHERE p.user_id = $1 AND p.task_id = $2 AND p.kind = 'upcoming' AND p.remind_at IS NOT NULL
      AND p.time_window NOT IN (SELECT time_window FROM wanted WHERE kind = 'upcoming' AND NOT late))) THEN w.remind_at END
FROM wanted w
ON CONFLICT (user_id, task_id, kind, time_window) DO UPDATE SET by_lead = EXCLUDED.by_lead, due_at = EXCLUDED.due_at,
  remind_at = CASE WHEN r.sent_for = EXCLUDED.due_at THEN NULL ELSE EXCLUDED.remind_at END`
	var w rows
	for _, row := range plan {
		w.add(e.TaskID, row)
	}
	b.Queue(save, e.UserID, e.TaskID, w.kinds, w.windows, w.byLead, w.keys, w.times, w.late, reminder.Rewritten(e))
}

// rows are rows of the ledger as columns.
type rows struct {
	tasks          []uuid.UUID
	kinds, windows []string
	keys, times    []time.Time
	byLead, late   []bool
}

func (w *rows) add(id uuid.UUID, r reminder.Row) {
	w.tasks, w.kinds, w.windows = append(w.tasks, id), append(w.kinds, r.Kind), append(w.windows, r.Window)
	w.keys, w.times = append(w.keys, r.Key), append(w.times, r.At)
	w.byLead, w.late = append(w.byLead, r.ByLead), append(w.late, r.Late)
}
