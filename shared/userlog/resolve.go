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

// notified is what the changes of a transaction may resolve.
type notified struct {
	reminders []notifiedReminder
	digests   []*notification.Notification // of those reminders
	items     map[uuid.UUID][]digestItem   // of each digest, without the resolved ones
}

// notifiedReminder is a notification about a task or a part of a digest, and the reminder that it was made from.
type notifiedReminder struct {
	notification.Notification
	sent   reminder.Sent
	digest *uuid.UUID
}

type digestItem struct {
	id uuid.UUID
	notification.Item
}

// readNotified reads what the changes may resolve, in the transaction that holds the users' locks. It is an extra round
// trip, only for changes of when an existing task is due.
func readNotified(ctx context.Context, conn *postgres.Conn, applied []*pending) error {
	b := &pgx.Batch{}
	for _, p := range applied {
		p.notified = notified{items: map[uuid.UUID][]digestItem{}}
		rescheduled := p.rescheduled()
		if len(rescheduled) == 0 {
			continue
		}
		b.Queue(postgres.SetUser, p.user.UserID.String()).Exec(postgres.Discard)
		ids := make([]uuid.UUID, len(rescheduled))
		for i, e := range rescheduled {
			ids[i] = e.TaskID
			p.notified.queueReminders(b, p.user.UserID, e.TaskID)
		}
		p.notified.queueDigests(b, p.user.UserID, ids)
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

func (n *notified) queueReminders(b *pgx.Batch, user, taskID uuid.UUID) {
	// notification_upcoming and notification_overdue. A snoozed one is judged when it returns.
	const query = `
SELECT id, kind, task_id, title, body, content, created_at, read_at, time_window, due_at, digest_id FROM notification
WHERE user_id = $1 AND task_id = $2 AND kind = 'upcoming' AND resolved_at IS NULL AND snoozed_until IS NULL
UNION ALL
SELECT id, kind, task_id, title, body, content, created_at, read_at, time_window, due_at, digest_id FROM notification
WHERE user_id = $1 AND task_id = $2 AND kind = 'overdue' AND resolved_at IS NULL AND snoozed_until IS NULL
ORDER BY created_at, id`
	b.Queue(query, user, taskID).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r notifiedReminder, err error) {
			err = row.Scan(&r.ID, &r.Kind, &r.TaskID, &r.Title, &r.Body, &r.Content, &r.CreatedAt, &r.ReadAt, &r.sent.Window, &r.sent.Key, &r.digest)
			r.sent.Kind = r.Kind
			return r, err
		})
		n.reminders = append(n.reminders, all...)
		return err
	})
}

func (n *notified) queueDigests(b *pgx.Batch, user uuid.UUID, tasks []uuid.UUID) {
	// notification_upcoming and notification_overdue, then the primary key and notification_digest; for lists see Relatives
	const query = `
WITH of AS (
  SELECT DISTINCT n.digest_id FROM unnest($2::uuid[]) AS asked (id), LATERAL (
    SELECT digest_id FROM notification WHERE user_id = $1 AND task_id = asked.id AND kind = 'upcoming' AND resolved_at IS NULL AND digest_id IS NOT NULL
    UNION ALL
    SELECT digest_id FROM notification WHERE user_id = $1 AND task_id = asked.id AND kind = 'overdue' AND resolved_at IS NULL AND digest_id IS NOT NULL
    OFFSET 0
  ) AS n
)
SELECT d.id, d.title, d.body, d.content, d.created_at, d.read_at, d.snoozed_until, i.id, i.task_id, i.kind, i.title, i.body
FROM of
JOIN notification d ON d.user_id = $1 AND d.id = of.digest_id
JOIN notification i ON i.user_id = $1 AND i.digest_id = of.digest_id AND i.resolved_at IS NULL
ORDER BY d.created_at, d.id, i.due_at, i.id`
	b.Queue(query, user, tasks).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			d := &notification.Notification{Kind: reminder.DigestKind}
			var it digestItem
			if err := rows.Scan(&d.ID, &d.Title, &d.Body, &d.Content, &d.CreatedAt, &d.ReadAt, &d.SnoozedUntil, &it.id, &it.TaskID, &it.Kind, &it.Title, &it.Body); err != nil {
				return err
			}
			if n.items[d.ID] == nil {
				n.digests = append(n.digests, d)
			}
			n.items[d.ID] = append(n.items[d.ID], it)
		}
		return rows.Err()
	})
}

// resolve resolves what was read if its task no longer has that reminder. Resolved notifications count as read. A
// digest without the reminder says how many are left, and is resolved with the last one.
func (p *pending) resolve() {
	if len(p.notified.reminders) == 0 {
		return
	}
	cause := map[uuid.UUID]task.Event{}
	for _, e := range p.rescheduled() {
		cause[e.TaskID] = e
	}
	ended, less := map[uuid.UUID]bool{}, map[uuid.UUID]task.Event{}
	for _, r := range p.notified.reminders {
		e := cause[r.TaskID]
		if r.sent.StillDue(e.Row(), p.tx.Preferences, p.tx.Now) {
			continue
		}
		ended[r.ID] = true
		n := r.Notification
		n.Resolve(p.tx.Now)
		// primary key of notification
		p.tx.Queue(`UPDATE notification SET resolved_at = $3, read_at = $4 WHERE user_id = $1 AND id = $2`, p.user.UserID, n.ID, n.ResolvedAt, n.ReadAt)
		if r.digest != nil {
			less[*r.digest] = e
			continue
		}
		p.resolved(e, &n)
	}
	for _, d := range p.notified.digests {
		if e, ok := less[d.ID]; ok {
			p.reduce(d, e, ended)
		}
	}
}

// reduce updates a digest some of whose reminders have ended. A snoozed one is updated when it returns.
func (p *pending) reduce(d *notification.Notification, cause task.Event, ended map[uuid.UUID]bool) {
	if d.SnoozedUntil != nil {
		return
	}
	var left []notification.Item
	for _, it := range p.notified.items[d.ID] {
		if !ended[it.id] {
			left = append(left, it.Item)
		}
	}
	d.List(left)
	d.Summarize(left)
	if len(left) == 0 {
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
