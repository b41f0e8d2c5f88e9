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
  SELECT FROM task_reminder s WHERE s.user_id = $1 AND s.task_id = $2 AND s.kind = 'upcoming' AND s.sent_for = w.due_at) THEN w.remind_at END
FROM wanted w
ON CONFLICT (user_id, task_id, kind, time_window) DO UPDATE SET by_lead = EXCLUDED.by_lead, due_at = EXCLUDED.due_at,
  remind_at = CASE WHEN r.sent_for = EXCLUDED.due_at THEN NULL ELSE EXCLUDED.remind_at END`
	var w rows
	for _, row := range plan {
		w.add(e.TaskID, row)
	}
	b.Queue(save, e.UserID, e.TaskID, w.kinds, w.windows, w.byLead, w.keys, w.times, w.late)
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

// queueOpen reads the user's open tasks that can have reminders, with the columns that decide when.
func queueOpen(b *pgx.Batch, user uuid.UUID, found *[]*task.Task) {
	// primary key of task, by its first column
	const open = `
SELECT id, due_at, due_date, timezone, reminders, no_reminders FROM task
WHERE user_id = $1 AND completed_at IS NULL AND deleted_at IS NULL AND (due_at IS NOT NULL OR due_date IS NOT NULL OR reminders <> '{}')`
	b.Queue(open, user).Query(func(rows pgx.Rows) (err error) {
		*found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*task.Task, error) {
			var t task.Task
			var dueDate *time.Time
			var none bool
			err := row.Scan(&t.ID, &t.DueAt, &dueDate, &t.Timezone, &t.Reminders, &none)
			t.DueDate = DateOf(dueDate)
			if len(t.Reminders) == 0 && !none {
				t.Reminders = nil
			}
			return &t, err
		})
		return err
	})
}

// queueAllReminders updates the planned reminders of all open tasks for new preferences. A task that had a reminder for
// its due date gets another one only if the new time is in the future. Overdue tasks are evaluated by the next tick.
func queueAllReminders(b *pgx.Batch, user uuid.UUID, open []*task.Task, p preference.Preferences, now time.Time) {
	var w rows
	for _, t := range open {
		for _, row := range reminder.Plan(t, p, now, false) {
			w.add(t.ID, row)
		}
	}
	// primary key of task_reminder
	const save = `
WITH wanted AS (
  SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::timestamptz[], $7::timestamptz[], $8::boolean[])
    AS w (task_id, kind, time_window, by_lead, due_at, remind_at, late)
), muted AS (
  UPDATE task_reminder r SET remind_at = NULL WHERE r.user_id = $1 AND r.kind = 'upcoming' AND r.remind_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM wanted w WHERE w.task_id = r.task_id AND w.kind = r.kind AND w.time_window = r.time_window)
)
INSERT INTO task_reminder AS r (user_id, task_id, kind, time_window, by_lead, due_at, remind_at)
SELECT $1, w.task_id, w.kind, w.time_window, w.by_lead, w.due_at, CASE WHEN NOT w.late OR NOT EXISTS (
  SELECT FROM task_reminder s WHERE s.user_id = $1 AND s.task_id = w.task_id AND s.kind = 'upcoming' AND s.sent_for = w.due_at) THEN w.remind_at END
FROM wanted w
ON CONFLICT (user_id, task_id, kind, time_window) DO UPDATE SET by_lead = EXCLUDED.by_lead, due_at = EXCLUDED.due_at,
  remind_at = CASE WHEN r.sent_for = EXCLUDED.due_at THEN NULL ELSE EXCLUDED.remind_at END`
	b.Queue(save, user, w.tasks, w.kinds, w.windows, w.byLead, w.keys, w.times, w.late)
}
