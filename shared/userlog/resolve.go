package userlog

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
)

// A notification is resolved by the change that makes it untrue, in the same transaction: no reader sees a completed
// task with an unread notification, and the stream has both in one order.

// notified is what the changes of a transaction may resolve.
type notified struct {
	reminders []notifiedReminder
	digests   []*notification.Notification   // those with a reminder that ends
	due       map[uuid.UUID]notification.Due // of each digest, without the tasks of the changes
}

// notifiedReminder is a notification about a task or a part of a digest, and the reminder that it was made from.
type notifiedReminder struct {
	notification.Notification
	sent   reminder.Sent
	digest *uuid.UUID
	cause  task.Event
	ends   bool // by its cause
}

// readNotified reads what the changes may resolve, in the transaction that holds the users' locks. It is an extra round
// trip, only for changes of when an existing task is due, and another one if reminders of digests end.
func readNotified(ctx context.Context, conn *postgres.Conn, applied []*pending) error {
	reminders, digests := &pgx.Batch{}, &pgx.Batch{}
	for _, p := range applied {
		p.notified = notified{due: map[uuid.UUID]notification.Due{}}
		rescheduled := p.rescheduled()
		if len(rescheduled) == 0 {
			continue
		}
		reminders.Queue(postgres.SetUser, p.user.UserID.String()).Exec(postgres.Discard)
		for _, e := range rescheduled {
			p.notified.queueReminders(reminders, p.user.UserID, e)
		}
	}
	if reminders.Len() == 0 {
		return nil
	}
	if err := conn.SendBatch(ctx, reminders).Close(); err != nil {
		return err
	}
	for _, p := range applied {
		p.queueDigests(digests)
	}
	if digests.Len() == 0 {
		return nil
	}
	return conn.SendBatch(ctx, digests).Close()
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

func (n *notified) queueReminders(b *pgx.Batch, user uuid.UUID, cause task.Event) {
	// notification_upcoming and notification_overdue. A snoozed one is judged when it returns.
	const query = `
SELECT id, kind, task_id, title, body, content, created_at, read_at, time_window, due_at, digest_id FROM notification
WHERE user_id = $1 AND task_id = $2 AND kind = 'upcoming' AND resolved_at IS NULL AND snoozed_until IS NULL
UNION ALL
SELECT id, kind, task_id, title, body, content, created_at, read_at, time_window, due_at, digest_id FROM notification
WHERE user_id = $1 AND task_id = $2 AND kind = 'overdue' AND resolved_at IS NULL AND snoozed_until IS NULL
ORDER BY created_at, id`
	b.Queue(query, user, cause.TaskID).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r notifiedReminder, err error) {
			err = row.Scan(&r.ID, &r.Kind, &r.TaskID, &r.Title, &r.Body, &r.Content, &r.CreatedAt, &r.ReadAt, &r.sent.Window, &r.sent.Key, &r.digest)
			r.sent.Kind, r.cause = r.Kind, cause
			return r, err
		})
		n.reminders = append(n.reminders, all...)
		return err
	})
}

// queueDigests decides which reminders end, and reads their digests.
func (p *pending) queueDigests(b *pgx.Batch) {
	n := &p.notified
	var digests, tasks []uuid.UUID
	for i, r := range n.reminders {
		n.reminders[i].ends = !r.sent.StillDue(r.cause.Row(), p.tx.Preferences, p.tx.Now)
		tasks = append(tasks, r.TaskID)
		if n.reminders[i].ends && r.digest != nil && !slices.Contains(digests, *r.digest) {
			digests = append(digests, *r.digest)
		}
	}
	if len(digests) == 0 {
		return
	}
	b.Queue(postgres.SetUser, p.user.UserID.String()).Exec(postgres.Discard)
	// primary key of notification; for lists see Relatives. A snoozed one is updated when it returns.
	const query = `
SELECT id, title, body, content, created_at, read_at FROM unnest($2::uuid[]) AS asked (digest), LATERAL (
  SELECT * FROM notification WHERE user_id = $1 AND id = asked.digest AND snoozed_until IS NULL OFFSET 0) AS d
ORDER BY created_at, id`
	b.Queue(query, p.user.UserID, digests).Query(func(rows pgx.Rows) (err error) {
		n.digests, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*notification.Notification, error) {
			d := &notification.Notification{Kind: reminder.DigestKind}
			return d, row.Scan(&d.ID, &d.Title, &d.Body, &d.Content, &d.CreatedAt, &d.ReadAt)
		})
		return err
	})
	QueueDue(b, p.user.UserID, digests, tasks, n.due)
}

// resolve resolves what was read if its task no longer has that reminder. Resolved notifications count as read. A
// digest without the reminder says how many are left, and is resolved with the last one.
func (p *pending) resolve() {
	less := map[uuid.UUID]task.Event{} // the last cause by digest
	for _, r := range p.notified.reminders {
		if !r.ends {
			continue
		}
		n := r.Notification
		n.Resolve(p.tx.Now)
		// primary key of notification
		p.tx.Queue(`UPDATE notification SET resolved_at = $3, read_at = $4 WHERE user_id = $1 AND id = $2`, p.user.UserID, n.ID, n.ResolvedAt, n.ReadAt)
		if r.digest != nil {
			less[*r.digest] = r.cause
			continue
		}
		p.resolved(r.cause, &n)
	}
	for _, d := range p.notified.digests {
		p.reduce(d, less[d.ID])
	}
}

// reduce updates a digest some of whose reminders have ended.
func (p *pending) reduce(d *notification.Notification, cause task.Event) {
	var rest []notification.Item // of the tasks of the changes
	for _, r := range p.notified.reminders {
		if !r.ends && r.digest != nil && *r.digest == d.ID {
			rest = append(rest, notification.Item{TaskID: r.TaskID, Kind: r.Kind, Title: r.Title, Body: r.Body})
		}
	}
	left := p.notified.due[d.ID].Plus(notification.DueOf(rest))
	d.List(left, nil)
	d.Summarize(left)
	if left.Count() == 0 {
		d.Resolve(p.tx.Now)
	}
	// primary key of notification
	const update = `UPDATE notification SET title = $3, body = $4, read_at = $5, resolved_at = $6, content = $7 WHERE user_id = $1 AND id = $2`
	p.tx.Queue(update, p.user.UserID, d.ID, d.Title, d.Body, d.ReadAt, d.ResolvedAt, d.Content)
	p.resolved(cause, d)
}

// resolved records the event, by the author of the change.
func (p *pending) resolved(cause task.Event, n *notification.Notification) {
	p.tx.Actor, p.tx.Traceparent = cause.Actor, cause.Traceparent
	p.tx.Append(notification.Event(notification.Read, n))
}
