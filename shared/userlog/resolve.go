package userlog

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
)

// A notification is resolved by the change that makes it untrue, in the same transaction: no reader sees a completed
// task with an unread notification, and the stream has both in one order.

// notified is a notification about a task, and the reminder that it was made from.
type notified struct {
	notification.Notification
	sent reminder.Sent
}

// readNotified reads the notifications that the changes may resolve, in the transaction that holds the users' locks. It
// is an extra round trip, only for changes of when an existing task is due.
func readNotified(ctx context.Context, conn *postgres.Conn, applied []*pending) error {
	b := &pgx.Batch{}
	for _, p := range applied {
		p.notified = nil
		rescheduled := p.rescheduled()
		if len(rescheduled) == 0 {
			continue
		}
		b.Queue(postgres.SetUser, p.user.UserID.String()).Exec(postgres.Discard)
		for _, e := range rescheduled {
			queueNotified(b, p.user.UserID, e.TaskID, &p.notified)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return conn.SendBatch(ctx, b).Close()
}

// rescheduled returns the last event of each existing task whose reminders may have changed.
func (p *pending) rescheduled() (last []task.Event) {
	seen := map[uuid.UUID]int{}
	for _, e := range p.tx.Events() {
		if e.Row() == nil || e.EventType == task.Created || !reminder.Touched(e) {
			continue
		}
		if at, again := seen[e.TaskID]; again {
			last[at] = e
			continue
		}
		seen[e.TaskID] = len(last)
		last = append(last, e)
	}
	return last
}

func queueNotified(b *pgx.Batch, user, taskID uuid.UUID, found *[]notified) {
	// notification_upcoming and notification_overdue. A snoozed one is judged when it returns.
	const query = `
SELECT id, kind, task_id, title, body, created_at, read_at, time_window, due_at FROM notification
WHERE user_id = $1 AND task_id = $2 AND kind = 'upcoming' AND resolved_at IS NULL AND snoozed_until IS NULL
UNION ALL
SELECT id, kind, task_id, title, body, created_at, read_at, time_window, due_at FROM notification
WHERE user_id = $1 AND task_id = $2 AND kind = 'overdue' AND resolved_at IS NULL AND snoozed_until IS NULL
ORDER BY created_at, id`
	b.Queue(query, user, taskID).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n notified, err error) {
			err = row.Scan(&n.ID, &n.Kind, &n.TaskID, &n.Title, &n.Body, &n.CreatedAt, &n.ReadAt, &n.sent.Window, &n.sent.Key)
			n.sent.Kind = n.Kind
			return n, err
		})
		*found = append(*found, all...)
		return err
	})
}

// resolve resolves what was read if its task no longer has that reminder. Resolved notifications count as read.
func (p *pending) resolve() {
	if len(p.notified) == 0 {
		return
	}
	cause := map[uuid.UUID]task.Event{}
	for _, e := range p.rescheduled() {
		cause[e.TaskID] = e
	}
	for _, n := range p.notified {
		e := cause[n.TaskID]
		if n.sent.StillDue(e.Row(), p.tx.Preferences, p.tx.Now) {
			continue
		}
		p.tx.Actor, p.tx.Traceparent = e.Actor, e.Traceparent
		n.ResolvedAt = &p.tx.Now
		if n.ReadAt == nil {
			n.ReadAt = &p.tx.Now
		}
		// primary key of notification
		p.tx.Queue(`UPDATE notification SET resolved_at = $3, read_at = $4 WHERE user_id = $1 AND id = $2`, p.user.UserID, n.ID, n.ResolvedAt, n.ReadAt)
		p.tx.Append(notification.Event(notification.Read, &n.Notification))
	}
}
