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
	"taskwire.dev/shared/wallclock"
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

// errNotDue ends the transaction of a reminder that is not to become a notification. Nothing is recorded of its event
// either: a record with a forged id must not keep the real one from being handled.
var errNotDue = errors.New("the task is not due for this reminder")

// Notify makes the notification of a reminder, which came as the event (source, id): once, however often it is delivered.
// The reminder only says which task is meant and why. Everybody who reaches the broker can write one, so what the user
// reads is the task's, and only if the task is still open and due, and the ledger says that this reminder was sent.
func (f *FanIn) Notify(ctx context.Context, source, id string, r reminder.Reminder) error {
	log := &noticeLog{user: r.UserID, actor: "system:" + fanIn, traceparent: tracecontext.From(ctx)}
	_, err := f.inbox.onceFor(ctx, OfUser(r.UserID), source, id, func(ctx context.Context, tx pgx.Tx) error {
		b := &pgx.Batch{}
		log.lock(b)
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		log.now = clock.Now()
		zone, err := stillDue(ctx, tx, &r, log.now)
		if err != nil {
			return err
		}
		n := notification.Of(r, NewID(), zone, log.now)
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
	if errors.Is(err, errNotDue) {
		return nil
	}
	if err == nil && len(log.events) > 0 {
		f.wake(r.UserID)
	}
	return err
}

// stillDue takes title and due date of r from its task, and returns the zone in which its user reads them. It fails with
// errNotDue unless the task is open, due, and was sent this reminder: for this due date, or on this local day.
func stillDue(ctx context.Context, tx pgx.Tx, r *reminder.Reminder, now time.Time) (*time.Location, error) {
	// primary keys of task, task_reminder and preference
	const due = `
SELECT t.title, t.due_at, coalesce(t.timezone, p.timezone, 'UTC')
FROM task t
JOIN task_reminder s ON s.user_id = t.user_id AND s.task_id = t.id AND s.kind = $3 AND s.time_window = CASE $3 WHEN 'upcoming' THEN $4 ELSE '' END
LEFT JOIN preference p ON p.user_id = t.user_id
WHERE t.user_id = $1 AND t.id = $2 AND t.completed_at IS NULL AND t.deleted_at IS NULL
  AND CASE $3 WHEN 'upcoming' THEN t.due_at = $5 AND s.sent_for = $5 ELSE t.due_at <= $6 AND s.sent_on::text = $4 END`
	var zone string
	err := tx.QueryRow(ctx, due, r.UserID, r.TaskID, r.Kind, r.Window, r.DueAt, now).Scan(&r.Title, &r.DueAt, &zone)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errNotDue
	}
	if err != nil {
		return nil, err
	}
	return wallclock.Zone(zone), nil
}
