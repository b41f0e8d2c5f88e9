package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/tracecontext"
)

// FanIn turns reminders into notifications, in the role taskwire_worker.
type FanIn struct {
	inbox *Inbox
	wake  func(user uuid.UUID)
}

// fanIn is the consumer's name in the inbox and in the log.
const fanIn = "reminder-fan-in"

// NewFanIn returns the store; wake is told whose outbox has something new, once it is committed.
func NewFanIn(pool *Pool, wake func(user uuid.UUID)) *FanIn {
	return &FanIn{inbox: NewInbox(pool, fanIn), wake: wake}
}

// Notify makes the notification of a reminder that the event (source, id) tells of: once, however often it is told, and
// not when the task is not open or not due then any more.
func (f *FanIn) Notify(ctx context.Context, source, id string, r reminder.Reminder) error {
	log := &noticeLog{user: r.UserID, actor: "system:" + fanIn, traceparent: tracecontext.From(ctx)}
	_, err := f.inbox.onceFor(ctx, ofUser(r.UserID), source, id, func(ctx context.Context, tx pgx.Tx) error {
		b := &pgx.Batch{}
		log.lock(b)
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		log.now = clock.Now()
		zone, apt, err := look(ctx, tx, r, log.now)
		if err != nil || !apt {
			return err
		}
		n := notification.Of(r, newID(), zone, log.now)
		// notification_upcoming, notification_overdue
		const add = `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`
		tag, err := tx.Exec(ctx, add, r.UserID, n.ID, n.Kind, n.TaskID, r.Window, r.DueAt, n.Title, n.Body, n.CreatedAt)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		log.record(notification.Created, &n)
		b = &pgx.Batch{}
		if err := log.queue(b); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err == nil && len(log.events) > 0 {
		f.wake(r.UserID)
	}
	return err
}

// look reports whether the reminder is still apt, and in which zone its user reads it.
func look(ctx context.Context, tx pgx.Tx, r reminder.Reminder, now time.Time) (*time.Location, bool, error) {
	// primary keys of task and preference
	const known = `
SELECT coalesce(t.timezone, p.timezone, 'UTC') FROM task t LEFT JOIN preference p ON p.user_id = t.user_id
WHERE t.user_id = $1 AND t.id = $2 AND t.completed_at IS NULL AND t.deleted_at IS NULL AND (t.due_at = $3 OR $4 AND t.due_at <= $5)`
	var name string
	err := tx.QueryRow(ctx, known, r.UserID, r.TaskID, r.DueAt, r.Kind == reminder.Overdue, now).Scan(&name)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	zone, unknown := time.LoadLocation(name)
	if unknown != nil {
		zone = time.UTC
	}
	return zone, true, err
}
