package tick

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// name is this function's name in the log.
const name = "overdue-check"

// returnUsers and returnEach bound how much is brought back at once.
const (
	returnUsers = 200
	returnEach  = 100
)

// Notifications are those of all users, in the role taskwire_worker. It implements Snoozed.
type Notifications struct {
	pool *postgres.Pool
	log  *userlog.Log
}

// NewNotifications returns them.
func NewNotifications(pool *postgres.Pool, log *userlog.Log) *Notifications {
	return &Notifications{pool: pool, log: log}
}

// Return implements Snoozed: it brings back notifications whose snooze has ended, unread and at the top of the list. A
// notification about a task that was completed or deleted meanwhile comes back read, without an audit event.
func (s *Notifications) Return(ctx context.Context, now time.Time) (n int, err error) {
	for idle := false; ; {
		users, err := s.snoozers(ctx, now)
		if err != nil || len(users) == 0 {
			return n, err
		}
		moved := 0
		for _, user := range users {
			rows, back, err := s.returnTo(ctx, user, now)
			moved, n = moved+rows, n+back
			if err != nil {
				return n, err
			}
		}
		// One round may find nothing because another tick was faster; then the next one finds no user.
		if idle && moved == 0 {
			return n, fmt.Errorf("snoozed notifications of user %s stay due", users[0])
		}
		idle = moved == 0
	}
}

func (s *Notifications) snoozers(ctx context.Context, now time.Time) ([]uuid.UUID, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// notification_snoozed
	const snoozers = `
SELECT DISTINCT user_id FROM (SELECT user_id FROM notification WHERE snoozed_until <= $1 ORDER BY snoozed_until LIMIT $2) AS due`
	return postgres.Collect(ctx, s.pool, postgres.Platform, pgx.RowTo[uuid.UUID], snoozers, now, returnUsers)
}

// returnTo works under the user's lock, as snoozing does: of two ticks the second waits, and finds nothing. It returns
// how many rows are no longer due, and how many of those came back.
func (s *Notifications) returnTo(ctx context.Context, user uuid.UUID, now time.Time) (moved, back int, err error) {
	var due []snoozed
	_, err = s.log.Do(ctx, userlog.Change{
		User: token.Principal{UserID: user}, Actor: userlog.System(name),
		Read: func(b *pgx.Batch) { queueSnoozed(b, user, now, &due) },
		Apply: func(tx *userlog.Tx) error {
			moved, back = len(due), 0
			for _, d := range due {
				n := d.Notification
				n.SnoozedUntil = nil
				if d.open {
					n.CreatedAt, n.ReadAt = now, nil
				}
				// primary key of notification
				const wake = `UPDATE notification SET snoozed_until = NULL, created_at = $3, read_at = $4 WHERE user_id = $1 AND id = $2`
				tx.Queue(wake, user, n.ID, n.CreatedAt, n.ReadAt)
				if n.ReadAt == nil {
					tx.Append(notification.Event(notification.Created, &n))
					back++
				}
			}
			return nil
		},
	})
	if err != nil {
		return 0, 0, err
	}
	return moved, back, nil
}

// snoozed is a notification whose snooze has ended, and whether its task is still open.
type snoozed struct {
	notification.Notification
	open bool
}

func queueSnoozed(b *pgx.Batch, user uuid.UUID, now time.Time, due *[]snoozed) {
	// notification_snoozed, then the primary key of task
	const query = `
SELECT n.id, n.kind, n.task_id, n.title, n.body, n.created_at, n.read_at, n.snoozed_until, t.id IS NOT NULL
FROM notification n
LEFT JOIN task t ON t.user_id = $1 AND t.id = n.task_id AND t.completed_at IS NULL AND t.deleted_at IS NULL
WHERE n.user_id = $1 AND n.snoozed_until <= $2 ORDER BY n.snoozed_until, n.id LIMIT $3`
	b.Queue(query, user, now, returnEach).Query(func(rows pgx.Rows) (err error) {
		*due, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (s snoozed, err error) {
			return s, row.Scan(&s.ID, &s.Kind, &s.TaskID, &s.Title, &s.Body, &s.CreatedAt, &s.ReadAt, &s.SnoozedUntil, &s.open)
		})
		return err
	})
}
