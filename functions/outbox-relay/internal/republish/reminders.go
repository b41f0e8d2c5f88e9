package republish

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog"
)

// lost is a row of the ledger whose reminder was sent and never became a notification.
type lost struct {
	task         uuid.UUID
	kind, window string
	key          time.Time
	due          reminder.Due
}

// moment returns when the reminder was due, so that it gets the id that it had. An overdue one is evaluated anew.
func (l lost) moment() time.Time {
	if l.kind == reminder.Overdue {
		return l.key
	}
	if at, ok := task.Reminder(l.window).At(); ok {
		return at
	}
	return reminder.Before(l.due.Anchor(), l.window, l.due.Zone)
}

// remindAgain makes those reminders of a user due again that were sent since a time, still apply, and have no
// notification: the unique indexes of notification tell which were delivered.
func (r *Republisher) remindAgain(ctx context.Context, user uuid.UUID, since time.Time) (n int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	err = r.pool.InTx(ctx, postgres.Platform, func(tx pgx.Tx) error {
		all, err := findLost(ctx, tx, user, since)
		if err != nil {
			return err
		}
		tasks, kinds, windows, times := make([]uuid.UUID, len(all)), make([]string, len(all)), make([]string, len(all)), make([]time.Time, len(all))
		for i, l := range all {
			tasks[i], kinds[i], windows[i], times[i] = l.task, l.kind, l.window, l.moment()
		}
		// primary key of task_reminder
		const again = `
UPDATE task_reminder r SET sent_for = NULL, sent_on = NULL, remind_at = v.remind_at
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) AS v (task_id, kind, time_window, remind_at)
WHERE r.user_id = $1 AND r.task_id = v.task_id AND r.kind = v.kind AND r.time_window = v.time_window`
		tag, err := tx.Exec(ctx, again, user, tasks, kinds, windows, times)
		n = tag.RowsAffected()
		return err
	})
	return n, err
}

func findLost(ctx context.Context, tx pgx.Tx, user uuid.UUID, since time.Time) ([]lost, error) {
	// primary keys of task_reminder, by its first column, of task and of preference; notification_upcoming,
	// notification_overdue. A day is due up to a day later than its midnight in UTC, which is its key.
	const query = `
SELECT r.task_id, r.kind, r.time_window, r.due_at, t.due_at, t.due_date, t.timezone, coalesce(p.timezone, 'UTC'), coalesce(p.day_start, '')
FROM task_reminder r
JOIN task t ON t.user_id = $1 AND t.id = r.task_id
LEFT JOIN preference p ON p.user_id = $1
WHERE r.user_id = $1 AND t.completed_at IS NULL AND t.deleted_at IS NULL
  AND (coalesce(t.due_at, t.due_date::timestamp AT TIME ZONE 'UTC') = r.due_at OR r.time_window = ANY (t.reminders))
  AND CASE r.kind
    WHEN 'upcoming' THEN r.remind_at IS NULL AND r.sent_for = r.due_at
      AND r.due_at >= CASE WHEN t.due_date IS NULL THEN $2::timestamptz ELSE $2::timestamptz - interval '1 day' END
      AND NOT EXISTS (SELECT FROM notification n WHERE n.user_id = $1 AND n.task_id = r.task_id AND n.kind = 'upcoming'
        AND n.time_window = r.time_window AND n.due_at = r.due_at)
    ELSE r.sent_on >= $2::date
      AND NOT EXISTS (SELECT FROM notification n WHERE n.user_id = $1 AND n.task_id = r.task_id AND n.kind = 'overdue'
        AND n.time_window = r.sent_on::text)
  END
FOR UPDATE OF r`
	rows, err := tx.Query(ctx, query, user, since)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l lost, err error) {
		var t task.Task
		var on *time.Time
		var p preference.Preferences
		err = row.Scan(&l.task, &l.kind, &l.window, &l.key, &t.DueAt, &on, &t.Timezone, &p.Timezone, &p.DayStart)
		t.DueDate = userlog.DateOf(on)
		l.due = reminder.DueOf(&t, p)
		return l, err
	})
}
