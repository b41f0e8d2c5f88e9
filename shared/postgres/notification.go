package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/tracecontext"
)

// Notifications are those of the user who asks, in the role taskwire_app.
type Notifications struct {
	pool  *Pool
	wake  func(user uuid.UUID)
	turns *Shares // one change of a user at a time
}

// NewNotifications returns the store; wake is told whose outbox has something new, once it is committed.
func NewNotifications(pool *Pool, wake func(user uuid.UUID)) *Notifications {
	return &Notifications{pool: pool, wake: wake, turns: NewShares(1)}
}

const notificationColumns = `id, kind, task_id, title, body, created_at, read_at, snoozed_until`

func scanNotification(row pgx.CollectableRow) (n notification.Notification, err error) {
	return n, row.Scan(&n.ID, &n.Kind, &n.TaskID, &n.Title, &n.Body, &n.CreatedAt, &n.ReadAt, &n.SnoozedUntil)
}

// List returns a page of those that are not snoozed, the newest first, and one more when there is another page.
func (s *Notifications) List(ctx context.Context, who token.Principal, p notification.Page) (list []notification.Notification, err error) {
	// notification_shown and notification_unread
	const (
		shown  = `SELECT ` + notificationColumns + ` FROM notification WHERE user_id = $1 AND snoozed_until IS NULL`
		unread = shown + ` AND read_at IS NULL`
		page   = ` AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid)) ORDER BY created_at DESC, id DESC LIMIT $4`
	)
	query := shown + page
	if p.Unread {
		query = unread + page
	}
	var at *time.Time
	var id *uuid.UUID
	if p.After != nil {
		at, id = &p.After.CreatedAt, &p.After.ID
	}
	err = Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(query, who.UserID, at, id, p.Limit+1).Query(func(rows pgx.Rows) (err error) {
			list, err = pgx.CollectRows(rows, scanNotification)
			return err
		})
	})
	return list, err
}

// Unread returns how many are neither read nor snoozed.
func (s *Notifications) Unread(ctx context.Context, who token.Principal) (n int64, err error) {
	// notification_unread
	const count = `SELECT count(*) FROM notification WHERE user_id = $1 AND snoozed_until IS NULL AND read_at IS NULL`
	err = Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(count, who.UserID).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	})
	return n, err
}

// Read marks one as read. It is idempotent: what is read already makes no entry in the log.
func (s *Notifications) Read(ctx context.Context, who token.Principal, id uuid.UUID,
	render func(notification.Notification) idempotency.Answer,
) (idempotency.Answer, error) {
	return s.change(ctx, who, idempotency.Key{}, func(ctx context.Context, tx pgx.Tx, log *noticeLog) (idempotency.Answer, error) {
		n, err := one(ctx, tx, who.UserID, id)
		if err != nil || n.ReadAt != nil {
			return render(n), err
		}
		n.ReadAt = &log.now
		// primary key of notification
		if _, err := tx.Exec(ctx, `UPDATE notification SET read_at = $3 WHERE user_id = $1 AND id = $2`, who.UserID, id, n.ReadAt); err != nil {
			return idempotency.Answer{}, err
		}
		log.record(notification.Read, &n)
		return render(n), nil
	})
}

// ReadAll marks all that are shown as read. That is one entry in the log, however many they are.
func (s *Notifications) ReadAll(ctx context.Context, who token.Principal, key idempotency.Key,
	render func(updated int64) idempotency.Answer,
) (idempotency.Answer, error) {
	return s.change(ctx, who, key, func(ctx context.Context, tx pgx.Tx, log *noticeLog) (idempotency.Answer, error) {
		// notification_unread
		const all = `UPDATE notification SET read_at = $2 WHERE user_id = $1 AND snoozed_until IS NULL AND read_at IS NULL`
		tag, err := tx.Exec(ctx, all, who.UserID, log.now)
		if err != nil {
			return idempotency.Answer{}, err
		}
		if tag.RowsAffected() > 0 {
			log.record(notification.Read, nil)
		}
		return render(tag.RowsAffected()), nil
	})
}

// Snooze takes one away for a while. It counts as read until it comes back.
func (s *Notifications) Snooze(ctx context.Context, who token.Principal, key idempotency.Key, id uuid.UUID, d time.Duration,
	render func(notification.Notification) idempotency.Answer,
) (idempotency.Answer, error) {
	return s.change(ctx, who, key, func(ctx context.Context, tx pgx.Tx, log *noticeLog) (idempotency.Answer, error) {
		n, err := one(ctx, tx, who.UserID, id)
		if err != nil {
			return idempotency.Answer{}, err
		}
		until := log.now.Add(d)
		n.SnoozedUntil = &until
		if n.ReadAt == nil {
			n.ReadAt = &log.now
		}
		// primary key of notification
		const snooze = `UPDATE notification SET snoozed_until = $3, read_at = $4 WHERE user_id = $1 AND id = $2`
		if _, err := tx.Exec(ctx, snooze, who.UserID, id, n.SnoozedUntil, n.ReadAt); err != nil {
			return idempotency.Answer{}, err
		}
		log.record(notification.Read, &n)
		return render(n), nil
	})
}

func one(ctx context.Context, tx pgx.Tx, user, id uuid.UUID) (notification.Notification, error) {
	// primary key of notification
	rows, err := tx.Query(ctx, `SELECT `+notificationColumns+` FROM notification WHERE user_id = $1 AND id = $2`, user, id)
	if err != nil {
		return notification.Notification{}, err
	}
	n, err := pgx.CollectExactlyOneRow(rows, scanNotification)
	if errors.Is(err, pgx.ErrNoRows) {
		err = fault.New(fault.NotFound, "there is no such notification")
	}
	return n, err
}

// change runs work in a transaction that has the user's lock, and writes what it has recorded. When key was used
// before for the same request, the first answer comes back and nothing is done.
func (s *Notifications) change(ctx context.Context, who token.Principal, key idempotency.Key,
	work func(context.Context, pgx.Tx, *noticeLog) (idempotency.Answer, error),
) (answer idempotency.Answer, err error) {
	done, err := s.turns.turn(ctx, who.UserID)
	if err != nil {
		return answer, err
	}
	defer done()
	conn, err := s.pool.Acquire(ctx, OfUser(who.UserID))
	if err != nil {
		return answer, err
	}
	defer conn.Release()
	traceparent := tracecontext.From(ctx)
	// A commit must not be torn from its answer because the caller hung up half way.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Timeout)
	defer cancel()
	var log *noticeLog
	err = Retry(func() error {
		log = &noticeLog{user: who.UserID, actor: who.Actor(), traceparent: traceparent}
		answer, err = changeOnce(ctx, conn, who, key, log, work)
		return err
	})
	if err != nil {
		return idempotency.Answer{}, Fault(err)
	}
	if len(log.events) > 0 {
		s.wake(who.UserID)
	}
	return answer, nil
}

func changeOnce(ctx context.Context, conn *Conn, who token.Principal, key idempotency.Key, log *noticeLog,
	work func(context.Context, pgx.Tx, *noticeLog) (idempotency.Answer, error),
) (answer idempotency.Answer, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) (err error) {
		var refused error
		replayed := false
		b := &pgx.Batch{}
		ActAs(b, who, Fail)
		log.lock(b)
		if key.Name != "" {
			QueueFirstAnswer(b, who.UserID, key, func(a idempotency.Answer, err error) { answer, refused, replayed = a, err, true })
		}
		if err := tx.SendBatch(ctx, b).Close(); err != nil || replayed {
			return errors.Join(err, refused)
		}
		log.now = clock.Now()
		if answer, err = work(ctx, tx, log); err != nil {
			return err
		}
		b = &pgx.Batch{}
		if key.Name != "" {
			QueueKeepAnswer(b, who.UserID, key, answer)
		}
		if err := log.queue(b); err != nil || b.Len() == 0 {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
	return answer, err
}
