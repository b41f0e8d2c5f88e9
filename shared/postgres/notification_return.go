package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/tracecontext"
)

// returnUsers and returnEach bound how much is brought back at once.
const (
	returnUsers = 200
	returnEach  = 100
)

// Return implements reminder.Snoozed: it brings back what was snoozed until now, unread and at the top of the list. What
// is about a task that was completed or deleted meanwhile comes back without a word, read.
func (r *Reminders) Return(ctx context.Context, now time.Time) (n int, err error) {
	for idle := false; ; {
		users, err := r.snoozers(ctx, now)
		if err != nil || len(users) == 0 {
			return n, err
		}
		moved := 0
		for _, user := range users {
			rows, back, err := r.returnTo(ctx, user, now)
			moved, n = moved+rows, n+back
			if err != nil {
				return n, Fault(err)
			}
		}
		// One round may find nothing since another tick was faster; then the next one has nobody to ask for.
		if idle && moved == 0 {
			return n, fmt.Errorf("snoozed notifications of user %s stay due", users[0])
		}
		idle = moved == 0
	}
}

func (r *Reminders) snoozers(ctx context.Context, now time.Time) ([]uuid.UUID, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	// notification_snoozed
	const snoozers = `
SELECT DISTINCT user_id FROM (SELECT user_id FROM notification WHERE snoozed_until <= $1 ORDER BY snoozed_until LIMIT $2) AS due`
	return Collect(ctx, r.pool, Platform, pgx.RowTo[uuid.UUID], snoozers, now, returnUsers)
}

// returnTo works under the user's lock, as snoozing does: two ticks take turns, and the second finds nothing. It returns
// how many rows are no longer due, and how many of those came back.
func (r *Reminders) returnTo(ctx context.Context, user uuid.UUID, now time.Time) (moved, back int, err error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	log := &noticeLog{user: user, actor: "system:overdue-check", traceparent: tracecontext.From(ctx), now: now}
	err = r.pool.InTx(ctx, Platform, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		log.lock(b)
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		// notification_snoozed, then the primary key of task
		const wake = `
UPDATE notification n SET snoozed_until = NULL, created_at = CASE WHEN due.open THEN $2 ELSE n.created_at END,
  read_at = CASE WHEN due.open THEN NULL ELSE n.read_at END
FROM (
  SELECT s.id, t.id IS NOT NULL AS open FROM notification s
  LEFT JOIN task t ON t.user_id = $1 AND t.id = s.task_id AND t.completed_at IS NULL AND t.deleted_at IS NULL
  WHERE s.user_id = $1 AND s.snoozed_until <= $2 ORDER BY s.snoozed_until, s.id LIMIT $3
) due
WHERE n.user_id = $1 AND n.id = due.id
RETURNING n.id, n.kind, n.task_id, n.title, n.body, n.created_at, n.read_at, n.snoozed_until`
		rows, err := tx.Query(ctx, wake, user, now, returnEach)
		if err != nil {
			return err
		}
		list, err := pgx.CollectRows(rows, scanNotification)
		if err != nil {
			return err
		}
		moved = len(list)
		for i := range list {
			if list[i].ReadAt == nil {
				log.record(notification.Created, &list[i])
			}
		}
		b = &pgx.Batch{}
		if err := log.queue(b); err != nil || b.Len() == 0 {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err == nil && len(log.events) > 0 {
		r.wake(user)
	}
	return moved, len(log.events), err
}
