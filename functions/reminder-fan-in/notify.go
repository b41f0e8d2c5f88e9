package function

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// errNotDue rejects a reminder that must not become a notification. Its event is not recorded in the inbox either: a
// record with a forged id must not prevent the real one from being handled.
var errNotDue = errors.New("the task is not due for this reminder, or there is no such notice")

// notify creates the notifications of what was delivered: each reminder in one, however often it is delivered. A
// reminder only says which task is meant and why. Any client of the broker can write one, so the text comes from the
// task, and only if the task is still open and due, and the ledger says that this reminder was sent.
func notify(ctx context.Context, log *userlog.Log, d delivery) error {
	found := make([]*dueTask, len(d.reminders))
	var known digest
	_, err := log.Do(ctx, userlog.Change{
		User:  token.Principal{UserID: d.user},
		Cause: userlog.Cause{Consumer: name, Source: d.source, ID: d.id},
		Read: func(b *pgx.Batch) {
			for i, r := range d.reminders {
				queueDue(b, r, &found[i])
			}
			if d.digest != uuid.Nil {
				queueDigest(b, d, &known)
			}
		},
		Apply: func(tx *userlog.Tx) error {
			due, fresh := 0, []item{}
			for i, r := range d.reminders {
				if found[i] != nil {
					due++
				}
				if found[i] != nil && !found[i].notified {
					fresh = append(fresh, newItem(r, found[i], tx.Now))
				}
			}
			switch {
			case due == 0:
				return errNotDue
			case len(fresh) == 0:
			case known.exists || len(fresh) > reminder.Few:
				addDigest(tx, d, known, fresh)
			default:
				for _, it := range fresh {
					it.insert(tx, nil)
					tx.Append(notification.Event(notification.Created, &it.Notification))
				}
			}
			return nil
		},
	})
	return orNotDue(err)
}

// orNotDue returns err, nil for errNotDue.
func orNotDue(err error) error {
	if errors.Is(err, errNotDue) {
		return nil
	}
	return err
}

// item is a reminder as a notification, or as a part of a digest.
type item struct {
	notification.Notification
	window string
	key    time.Time
}

func newItem(r reminder.Reminder, t *dueTask, now time.Time) item {
	about := r
	about.DueAt, about.DueDate = t.due.At, t.due.On
	body, content := notification.Body(r.Kind, t.due, r.RemindAt)
	return item{notification.Notification{
		ID: postgres.NewID(), Kind: r.Kind, TaskID: r.TaskID, Title: t.title, Body: body, Content: content, CreatedAt: now,
	}, r.Window, about.Key()}
}

// insert adds the row. The parts of a digest are not listed, and not unread.
func (it item) insert(tx *userlog.Tx, digest *uuid.UUID) {
	const add = `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, content, created_at, read_at, digest_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $12, $9, $10, $11)`
	var read *time.Time
	if digest != nil {
		read = &it.CreatedAt
	}
	tx.Queue(add, tx.UserID, it.ID, it.Kind, it.TaskID, it.window, it.key, it.Title, it.Body, it.CreatedAt, read, digest, it.Content)
}

// dueTask is the content of a notification about a due task.
type dueTask struct {
	title    string
	due      reminder.Due
	notified bool // a notification of this reminder exists
}

// queueDue reads the task of a reminder if it is open, due, and was sent this reminder: for this due date, or on this
// local day. A task is overdue by this machine's clock, or because the sender has decided so for the current due date:
// clocks differ, and the sender does not repeat a reminder that was dropped here.
func queueDue(b *pgx.Batch, r reminder.Reminder, found **dueTask) {
	// primary keys of task, task_reminder and preference; notification_upcoming, notification_overdue. Those two are
	// partial: with kind = $3 PostgreSQL can use them only in a plan for one kind, which it would make anew each time.
	const query = `
SELECT t.title, t.due_at, t.due_date, t.timezone, coalesce(p.timezone, 'UTC'), CASE $3
  WHEN 'upcoming' THEN EXISTS (SELECT FROM notification n
    WHERE n.user_id = $1 AND n.task_id = $2 AND n.kind = 'upcoming' AND n.time_window = $4 AND n.due_at = $5)
  ELSE EXISTS (SELECT FROM notification n
    WHERE n.user_id = $1 AND n.task_id = $2 AND n.kind = 'overdue' AND n.time_window = $4)
END
FROM task t
JOIN task_reminder s ON s.user_id = t.user_id AND s.task_id = t.id AND s.kind = $3 AND s.time_window = CASE $3 WHEN 'upcoming' THEN $4 ELSE '' END
LEFT JOIN preference p ON p.user_id = t.user_id
WHERE t.user_id = $1 AND t.id = $2 AND t.completed_at IS NULL AND t.deleted_at IS NULL
  AND CASE $3
    WHEN 'upcoming' THEN s.due_at = $5 AND s.sent_for = $5 AND ($4 = ANY (t.reminders) AND $4 NOT LIKE 'P%' OR coalesce(t.due_at, t.due_date::timestamp AT TIME ZONE 'UTC') = $5)
    ELSE (t.due_at <= $6 OR t.due_at = $5 OR t.due_date::text < $4) AND s.sent_on::text = $4
  END`
	*found = nil
	b.Queue(query, r.UserID, r.TaskID, r.Kind, r.Window, r.Key(), clock.Now()).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			d := &dueTask{}
			var t task.Task
			var on *time.Time
			var p preference.Preferences
			if err := rows.Scan(&d.title, &t.DueAt, &on, &t.Timezone, &p.Timezone, &d.notified); err != nil {
				return err
			}
			t.DueDate = userlog.DateOf(on)
			d.due = reminder.DueOf(&t, p)
			*found = d
		}
		return rows.Err()
	})
}
