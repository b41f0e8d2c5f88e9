// Package republish publishes the events of the users' logs again.
package republish

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog"
)

// Republisher publishes the events of the audit log and of notices about accounts again, in the role that owns the tables. Operators need it when
// events were lost between the log and a consumer: the broker lost its data, or the database was restored to a moment
// at which an event was published and not consumed yet, so that the consumer group's offset is past it.
type Republisher struct {
	pool    *postgres.Pool
	stopped bool
}

// New returns a Republisher.
func New(pool *postgres.Pool) *Republisher { return &Republisher{pool: pool} }

// Stopped makes it fill the outbox without waiting: the functions, which would empty it, do not run.
func (r *Republisher) Stopped() *Republisher {
	r.stopped = true
	return r
}

// MaxAge is how old republished events may be: as long as consumers' inboxes remember what was handled (purge_expired).
// Older events could take effect twice.
const MaxAge = 14 * 24 * time.Hour

const (
	pageSize = 500
	// backlog is how many rows may wait in the outbox before the next page is added, since users' changes go through
	// the same outbox.
	backlog   = 5000
	pollEvery = 100 * time.Millisecond
)

// Done is what was put into the outbox again.
type Done struct {
	Users     int64
	Events    int64 // audit events, each with its CloudEvents on task-events and task-updates
	Reminders int64 // that the next tick sends again, since they never became notifications
	Notices   int64 // about accounts, which never became notifications either
}

// UserID returns the id of a user, given by id or by email address. It is NotFound for an unknown one.
func (r *Republisher) UserID(ctx context.Context, name string) (id uuid.UUID, err error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// primary key and app_user_email_key of app_user
	const named = `SELECT id FROM app_user WHERE id::text = $1 OR email = $1`
	ids, err := postgres.Collect(ctx, r.pool, postgres.Platform, pgx.RowTo[uuid.UUID], named, strings.ToLower(name))
	if err == nil && len(ids) == 0 {
		return id, fault.New(fault.NotFound, "no such user: %s", name)
	}
	if err != nil {
		return id, err
	}
	return ids[0], nil
}

// Since puts the events of the audit log since a time into the outbox again, user by user in order, with the same ids,
// so that consumers that have handled them do nothing. Of what was sent since then and never became a notification,
// reminders are made due again, and notices about accounts have their events put into the outbox again. With a user it
// does so only for that one. It may be interrupted and restarted at any time; it returns what it has done also with an
// error.
func (r *Republisher) Since(ctx context.Context, since time.Time, only uuid.UUID, progress func(Done)) (done Done, err error) {
	for after := uuid.Nil; ; {
		users, err := r.users(ctx, since, after, only)
		if err != nil || len(users) == 0 {
			return done, postgres.Fault(err)
		}
		for _, user := range users {
			if err := r.user(ctx, user, since, &done, progress); err != nil {
				return done, postgres.Fault(err)
			}
			done.Users++
		}
		after = users[len(users)-1]
		progress(done)
	}
}

// users returns the next users after after. Those who have changed nothing yet have notices about their accounts only.
func (r *Republisher) users(ctx context.Context, since time.Time, after, only uuid.UUID) ([]uuid.UUID, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// primary keys of user_stream, and of account_notice by its first column
	const next = `
(SELECT user_id FROM user_stream WHERE user_id > $1 AND ($2 = '00000000-0000-0000-0000-000000000000'::uuid OR user_id = $2) ORDER BY user_id LIMIT $3)
UNION
(SELECT DISTINCT user_id FROM account_notice
  WHERE user_id > $1 AND ($2 = '00000000-0000-0000-0000-000000000000'::uuid OR user_id = $2) AND created_at >= $4 ORDER BY user_id LIMIT $3)
ORDER BY user_id LIMIT $3`
	return postgres.Collect(ctx, r.pool, postgres.Platform, pgx.RowTo[uuid.UUID], next, after, only, pageSize, since)
}

func (r *Republisher) user(ctx context.Context, user uuid.UUID, since time.Time, done *Done, progress func(Done)) error {
	n, err := r.remindAgain(ctx, user, since)
	done.Reminders += n
	if err != nil {
		return err
	}
	n, err = r.notifyAgain(ctx, user, since)
	done.Notices += n
	if err != nil {
		return err
	}
	for seq := int64(0); ; {
		if err := r.room(ctx); err != nil {
			return err
		}
		events, err := r.page(ctx, user, since, seq)
		if err != nil || len(events) == 0 {
			return err
		}
		seq = events[len(events)-1].Seq
		done.Events += int64(len(events))
		progress(*done)
	}
}

// room waits until the outbox has room for another page.
func (r *Republisher) room(ctx context.Context) error {
	if r.stopped {
		return nil
	}
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		const count = `SELECT count(*) FROM (SELECT FROM outbox LIMIT $1) AS waiting`
		waiting, err := postgres.Collect(ctx, r.pool, postgres.Platform, pgx.RowTo[int64], count, backlog)
		if err != nil || waiting[0] < backlog {
			return err
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// page adds a user's next events to the outbox, in one transaction, and returns them.
func (r *Republisher) page(ctx context.Context, user uuid.UUID, since time.Time, after int64) (events []task.Event, err error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// primary key of task_event
	const next = `SELECT ` + userlog.EventColumns + ` FROM task_event WHERE user_id = $1 AND seq > $2 AND occurred_at >= $3 ORDER BY seq LIMIT $4`
	if events, err = postgres.Collect(ctx, r.pool, postgres.Platform, userlog.ScanEvent, next, user, after, since, pageSize); err != nil || len(events) == 0 {
		return nil, err
	}
	var out userlog.Outgoing
	for _, e := range events {
		out.AddEvent(e)
	}
	return events, r.pool.InTx(ctx, postgres.Platform, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		out.Queue(b)
		return tx.SendBatch(ctx, b).Close()
	})
}
