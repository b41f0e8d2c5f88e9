package tick

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/functions/overdue-check/internal/decide"
	"taskwire.dev/shared/failpoint"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/userlog"
)

// Reminders is the table of reminders, in the role taskwire_worker. It implements Ledger.
//
// A claim is not a change of a user's log: its rows belong to many users, and it locks rows, not users.
type Reminders struct {
	pool *postgres.Pool
	wake func(user uuid.UUID)
}

// NewReminders returns the table; wake is called with each user whose outbox has new rows, after the commit.
func NewReminders(pool *postgres.Pool, wake func(user uuid.UUID)) *Reminders {
	return &Reminders{pool: pool, wake: wake}
}

// claimTimeout bounds one batch. A writer who waits for one of its rows times out earlier (lock_timeout).
const claimTimeout = 3 * postgres.Timeout

// Claim implements Ledger.
func (r *Reminders) Claim(ctx context.Context, now time.Time, limit int, judge func(context.Context, []decide.Due) []decide.Verdict) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, claimTimeout)
	defer cancel()
	var rows []ledgerRow
	err := postgres.Retry(func() error {
		return r.pool.InTx(ctx, postgres.Platform, func(tx pgx.Tx) (err error) {
			// Every row is looked up by its key. For hundreds of them the planner would rather read all reminders of all users.
			if _, err := tx.Exec(ctx, `SET LOCAL enable_seqscan = off`); err != nil {
				return err
			}
			if rows, err = claim(ctx, tx, now, limit); err != nil || len(rows) == 0 {
				return err
			}
			if err := lookUp(ctx, tx, rows); err != nil {
				return err
			}
			return write(ctx, tx, rows, now, judge)
		})
	})
	if err != nil {
		return 0, postgres.Fault(err)
	}
	failpoint.Pass(failpoint.AfterRemind)
	for _, row := range rows {
		r.wake(row.due.UserID)
	}
	return len(rows), nil
}

// ledgerRow is a claimed row.
type ledgerRow struct {
	due  decide.Due
	open bool // the task exists, is open, and has this reminder
}

// claim locks the due rows of the users whose reminders have been due longest: all that is due for each of them, so that
// it can become one notification, unless it is more than limit. Changing a task changes its rows, so a row that is being
// changed is skipped, and one that was just changed is read in its new state: READ COMMITTED evaluates the condition again.
func claim(ctx context.Context, tx pgx.Tx, now time.Time, limit int) ([]ledgerRow, error) {
	// task_reminder_due for the users, task_reminder_user_due for their rows. Only the latter can decide the comparison of both
	// columns: with remind_at alone the planner sometimes read all that is due, once for each user.
	const due = `
WITH first AS MATERIALIZED (
  SELECT user_id, remind_at FROM task_reminder WHERE remind_at <= $1 ORDER BY remind_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
SELECT r.* FROM (SELECT user_id FROM first GROUP BY user_id ORDER BY min(remind_at), user_id) u, LATERAL (
  SELECT user_id, task_id, kind, time_window, due_at, remind_at, sent_on FROM task_reminder
  WHERE user_id = u.user_id AND remind_at IS NOT NULL AND (user_id, remind_at) <= (u.user_id, $1) ORDER BY remind_at LIMIT $2 FOR UPDATE SKIP LOCKED
) r LIMIT $2 + 1`
	rows, err := tx.Query(ctx, due, now, limit)
	if err != nil {
		return nil, err
	}
	claimed, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r ledgerRow, err error) {
		d := &r.due
		return r, row.Scan(&d.UserID, &d.TaskID, &d.Kind, &d.Window, &d.Key, &d.RemindAt, &d.SentOn)
	})
	if err != nil || len(claimed) <= limit {
		return claimed, err
	}
	// There is more than one claim takes: the reminders of the last user are left to the next one, together. A single
	// user has no more than limit rows here.
	last := claimed[limit].due.UserID
	return claimed[:slices.IndexFunc(claimed, func(r ledgerRow) bool { return r.due.UserID == last })], nil
}

// lookUp reads what the rows do not contain, in a separate statement: it sees what was committed before the rows were
// locked, and later changes to a task wait for them.
func lookUp(ctx context.Context, tx pgx.Tx, rows []ledgerRow) error {
	users, tasks := make([]uuid.UUID, len(rows)), make([]uuid.UUID, len(rows))
	for i, r := range rows {
		users[i], tasks[i] = r.due.UserID, r.due.TaskID
	}
	// primary keys of task, user_stream, preference and task_reminder; no two of the kept reminders are for the same window
	const known = `
SELECT c.n - 1, t.title, t.due_at, t.due_date, t.timezone, t.reminders, coalesce(p.timezone, 'UTC'), coalesce(p.day_start, ''),
  coalesce(t.overdue_reminders, p.overdue_reminders, true), s.epoch, ARRAY(
    SELECT u.time_window FROM task_reminder u WHERE u.user_id = c.user_id AND u.task_id = c.id AND u.kind = 'upcoming'
      AND (u.remind_at IS NOT NULL OR u.sent_for = u.due_at))
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS c (user_id, id, n)
JOIN task t ON t.user_id = c.user_id AND t.id = c.id
JOIN user_stream s ON s.user_id = c.user_id
LEFT JOIN preference p ON p.user_id = c.user_id
WHERE t.completed_at IS NULL AND t.deleted_at IS NULL`
	found, err := tx.Query(ctx, known, users, tasks)
	if err != nil {
		return err
	}
	for found.Next() {
		var at int
		var d decide.Due
		var t task.Task
		var on *time.Time
		var p preference.Preferences
		if err := found.Scan(&at, &d.Title, &t.DueAt, &on, &t.Timezone, &t.Reminders, &p.Timezone, &p.DayStart, &d.OverdueReminders, &d.Epoch, &d.Upcoming); err != nil {
			return err
		}
		t.DueDate = userlog.DateOf(on)
		r := &rows[at]
		r.due.Title, r.due.Due, r.due.Upcoming = d.Title, reminder.DueOf(&t, p), d.Upcoming
		r.due.OverdueReminders, r.due.Epoch = d.OverdueReminders, d.Epoch
		r.open = has(&t, r.due)
	}
	return found.Err()
}

// has reports whether the task has the reminder of a row.
func has(t *task.Task, d decide.Due) bool {
	if _, ok := task.Reminder(d.Window).At(); ok {
		return slices.Contains(t.Reminders, task.Reminder(d.Window))
	}
	return d.Due.Dated() && d.Due.Key().Equal(d.Key)
}

// write calls the decision for the rows and writes the results.
func write(ctx context.Context, tx pgx.Tx, rows []ledgerRow, now time.Time, judge func(context.Context, []decide.Due) []decide.Verdict) error {
	var due []decide.Due
	for _, r := range rows {
		if r.open {
			due = append(due, r.due)
		}
	}
	verdicts := judge(ctx, due)
	if err := skipNotified(ctx, tx, verdicts); err != nil {
		return err
	}
	var send []*reminder.Reminder
	rest := map[uuid.UUID]bool{}
	n := len(rows)
	users, tasks, kinds, windows := make([]uuid.UUID, n), make([]uuid.UUID, n), make([]string, n), make([]string, n)
	judged, next, sentOn := make([]bool, n), make([]*time.Time, n), make([]*time.Time, n)
	for i, r := range rows {
		users[i], tasks[i], kinds[i], windows[i] = r.due.UserID, r.due.TaskID, r.due.Kind, r.due.Window
		if judged[i] = r.open; !r.open {
			continue // a bug wrote it; it must not be claimed forever
		}
		v := verdicts[0]
		verdicts = verdicts[1:]
		next[i], sentOn[i] = v.Next, v.SentOn
		if v.Send != nil {
			send = append(send, v.Send)
			rest[r.due.UserID] = rest[r.due.UserID] || v.Rest
		}
	}
	out, err := outgoing(send, rest, now, telemetry.Traceparent(ctx))
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	// primary key of task_reminder
	const written = `
UPDATE task_reminder r SET remind_at = v.next,
  sent_for = CASE WHEN v.judged AND r.kind = 'upcoming' THEN r.due_at ELSE r.sent_for END,
  sent_on = CASE WHEN v.judged THEN v.sent_on ELSE r.sent_on END
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::timestamptz[], $7::date[])
  AS v (user_id, task_id, kind, time_window, judged, next, sent_on)
WHERE r.user_id = v.user_id AND r.task_id = v.task_id AND r.kind = v.kind AND r.time_window = v.time_window`
	b.Queue(written, users, tasks, kinds, windows, judged, next, sentOn).Exec(func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() != int64(n) {
			return fmt.Errorf("%d of %d claimed reminders were written, the first for task %s; the rest would be claimed again for ever",
				tag.RowsAffected(), n, tasks[0])
		}
		return nil
	})
	out.Queue(b)
	return tx.SendBatch(ctx, b).Close()
}

// skipNotified removes from the verdicts the reminders to be sent again that have become notifications.
func skipNotified(ctx context.Context, tx pgx.Tx, verdicts []decide.Verdict) error {
	var at []int
	var users, tasks []uuid.UUID
	var kinds, windows []string
	var dues []time.Time
	for i, v := range verdicts {
		if r := v.Send; r != nil && v.Again {
			at, users, tasks = append(at, i), append(users, r.UserID), append(tasks, r.TaskID)
			kinds, windows, dues = append(kinds, r.Kind), append(windows, r.Window), append(dues, r.Key())
		}
	}
	if len(at) == 0 {
		return nil
	}
	// notification_upcoming, notification_overdue
	const notified = `
SELECT c.n - 1 FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) WITH ORDINALITY AS c (user_id, task_id, kind, time_window, due_at, n)
WHERE EXISTS (SELECT FROM notification n WHERE n.user_id = c.user_id AND n.task_id = c.task_id AND n.kind = c.kind
  AND n.time_window = c.time_window AND (n.kind = 'overdue' OR n.due_at = c.due_at))`
	rows, err := tx.Query(ctx, notified, users, tasks, kinds, windows, dues)
	if err != nil {
		return err
	}
	var n int
	_, err = pgx.ForEachRow(rows, []any{&n}, func() error {
		verdicts[at[n]].Send = nil
		return nil
	})
	return err
}
