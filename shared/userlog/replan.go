package userlog

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
)

// plannedTasks is how many tasks one stage plans the reminders of.
const plannedTasks = 500

// openTasks are the user's open tasks that can have reminders, with the columns that decide when, one stage after the other.
type openTasks struct {
	user uuid.UUID
	last uuid.UUID // of the stages so far
	next []*task.Task
}

// queueNext reads the tasks of the next stage.
func (o *openTasks) queueNext(b *pgx.Batch) {
	// primary key of task
	const open = `
SELECT id, due_at, due_date, timezone, reminders, no_reminders FROM task
WHERE user_id = $1 AND id > $2 AND completed_at IS NULL AND deleted_at IS NULL AND (due_at IS NOT NULL OR due_date IS NOT NULL OR reminders <> '{}')
ORDER BY id LIMIT $3`
	b.Queue(open, o.user, o.last, plannedTasks).Query(func(rows pgx.Rows) (err error) {
		o.next, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*task.Task, error) {
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

// plan updates the planned reminders of the tasks of this stage for new preferences, and adds the next stage. A task that had a
// reminder for its due date gets another one only if the new time is in the future, and so does one that had none left to be sent: what
// a completion kept quiet about the next occurrence stays so. Overdue tasks are evaluated by the next tick.
func (o *openTasks) plan(tx *Tx, p preference.Preferences) {
	if len(o.next) == 0 {
		return
	}
	ids := make([]uuid.UUID, len(o.next))
	var w rows
	for i, t := range o.next {
		ids[i] = t.ID
		for _, row := range reminder.Plan(t, p, tx.Now, false) {
			w.add(t.ID, row)
		}
	}
	// primary key of task_reminder; for lists see relatives. A row that a tick has claimed meanwhile has another ctid, and is sent.
	const save = `
WITH wanted AS (
  SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::timestamptz[], $7::timestamptz[], $8::boolean[])
    AS w (task_id, kind, time_window, by_lead, due_at, remind_at, late)
), muted AS (
  UPDATE task_reminder SET remind_at = NULL WHERE ctid = ANY (ARRAY(
    SELECT old.ctid FROM unnest($9::uuid[]) AS planned (id), LATERAL (
      SELECT ctid, task_id, time_window FROM task_reminder WHERE user_id = $1 AND task_id = planned.id AND kind = 'upcoming' AND remind_at IS NOT NULL OFFSET 0) AS old
    WHERE (old.task_id, old.time_window) NOT IN (SELECT task_id, time_window FROM wanted WHERE kind = 'upcoming')))
)
INSERT INTO task_reminder AS r (user_id, task_id, kind, time_window, by_lead, due_at, remind_at)
SELECT $1, w.task_id, w.kind, w.time_window, w.by_lead, w.due_at, CASE WHEN NOT w.late OR NOT EXISTS (
    SELECT FROM task_reminder s WHERE s.user_id = $1 AND s.task_id = w.task_id AND s.kind = 'upcoming' AND s.sent_for = w.due_at) AND EXISTS (
    SELECT FROM task_reminder p WHERE p.user_id = $1 AND p.task_id = w.task_id AND p.kind = 'upcoming' AND p.remind_at IS NOT NULL
      AND (p.task_id, p.time_window) NOT IN (SELECT task_id, time_window FROM wanted WHERE kind = 'upcoming' AND NOT late)) THEN w.remind_at END
FROM wanted w
ON CONFLICT (user_id, task_id, kind, time_window) DO UPDATE SET by_lead = EXCLUDED.by_lead, due_at = EXCLUDED.due_at,
  remind_at = CASE WHEN r.sent_for = EXCLUDED.due_at THEN NULL ELSE EXCLUDED.remind_at END`
	tx.Queue(save, o.user, w.tasks, w.kinds, w.windows, w.byLead, w.keys, w.times, w.late, ids)
	if len(ids) == plannedTasks {
		o.last = ids[len(ids)-1]
		tx.Later(o.queueNext, func() { o.plan(tx, p) })
	}
}
