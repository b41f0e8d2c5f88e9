package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/shared/outbox"
)

// Outbox is the outbox table, in the role taskwire_outbox.
type Outbox struct{ pool *Pool }

// NewOutbox returns the outbox.
func NewOutbox(pool *Pool) *Outbox { return &Outbox{pool: pool} }

// outboxLock is the first key of the advisory locks of the shards; the second is the shard.
const outboxLock = 0x7457 // "tW"

// Drain implements outbox.Store. The locks last until its transaction ends, so a killed publisher releases them at
// once.
func (o *Outbox) Drain(ctx context.Context, users []uuid.UUID, each int,
	publish func(context.Context, []outbox.Message) []int64,
) (left outbox.Drained, err error) {
	conn, err := o.pool.Acquire(ctx, Platform)
	if err != nil {
		return left, err
	}
	defer conn.Release()
	locked, messages, err := lockAndRead(ctx, conn, users, each)
	for _, user := range users {
		if !locked.Has(user) {
			left.Locked = append(left.Locked, user)
		}
	}
	if err != nil || len(messages) == 0 {
		Rollback(ctx, conn)
		return left, Fault(err)
	}
	acked := publish(ctx, messages)
	left.More = unfinished(messages, acked, each)
	b := &pgx.Batch{}
	var deleted int64
	queueDelete(b, messages, acked, &deleted)
	b.Queue("COMMIT")
	// Not bound to ctx: events that are in the broker should leave the outbox even during shutdown.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Timeout)
	defer cancel()
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		Rollback(ctx, conn)
		return left, Fault(err)
	}
	if len(acked) > 0 && deleted == 0 {
		// Without an error the same rows would be published again at once, forever.
		return left, fmt.Errorf("%d events were published, and none of them left the outbox", len(acked))
	}
	return left, nil
}

// lockAndRead begins a transaction, takes the free locks of the users' shards, and reads the oldest rows of each user
// whose shard it has locked, in order, which is the user's commit order. All of it is one round trip: most batches are
// small, and at a few changes per second the round trip is most of the cost of publishing.
func lockAndRead(ctx context.Context, conn *Conn, users []uuid.UUID, each int) (locked outbox.Set, messages []outbox.Message, err error) {
	var wanted outbox.Set
	for _, user := range users {
		wanted |= outbox.SetOf(outbox.Shard(user))
	}
	b := &pgx.Batch{}
	b.Queue("BEGIN").Exec(Discard)
	// A deletion that is lost in a crash of the database only means publishing again, which consumers tolerate; waiting
	// for the disk here would delay every event.
	b.Queue("SET LOCAL synchronous_commit = off").Exec(Discard)
	const lock = `SELECT shard FROM unnest($1::smallint[]) AS shard WHERE pg_try_advisory_xact_lock($2::integer, shard)`
	b.Queue(lock, wanted.List(), outboxLock).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var shard int16
			if err := rows.Scan(&shard); err != nil {
				return err
			}
			locked |= outbox.SetOf(shard)
		}
		return rows.Err()
	})
	// primary key of outbox. A separate statement: it sees what was committed before it began, and rows are deleted
	// only under the locks taken above. Rows of users whose shard another publisher holds are read for nothing, which
	// is rare.
	const oldest = `
SELECT o.id, u.user_id, o.topic, o.payload, o.created_at FROM unnest($1::uuid[]) AS u (user_id)
CROSS JOIN LATERAL (SELECT id, topic, payload, created_at FROM outbox WHERE user_id = u.user_id ORDER BY id LIMIT $2) AS o
ORDER BY o.id`
	b.Queue(oldest, users, each).Query(func(rows pgx.Rows) error {
		var m outbox.Message
		_, err := pgx.ForEachRow(rows, []any{&m.ID, &m.UserID, &m.Topic, &m.Payload, &m.CommittedAt}, func() error {
			if locked.Has(m.UserID) {
				messages = append(messages, m)
			}
			m.Payload = nil // the next message gets its own bytes
			return nil
		})
		return err
	})
	return locked, messages, conn.SendBatch(ctx, b).Close()
}

// unfinished returns the users with events that were not acknowledged, or with more rows to read.
func unfinished(messages []outbox.Message, acked []int64, each int) (more []uuid.UUID) {
	read := map[uuid.UUID]int{}
	open := map[uuid.UUID]int{}
	gone := make(map[int64]bool, len(acked))
	for _, id := range acked {
		gone[id] = true
	}
	for _, m := range messages {
		read[m.UserID]++
		if !gone[m.ID] {
			open[m.UserID]++
		}
	}
	for user, n := range read {
		if n == each || open[user] > 0 {
			more = append(more, user)
		}
	}
	return more
}

func queueDelete(b *pgx.Batch, messages []outbox.Message, acked []int64, deleted *int64) {
	owner := make(map[int64]uuid.UUID, len(messages))
	for _, m := range messages {
		owner[m.ID] = m.UserID
	}
	users := make([]uuid.UUID, len(acked))
	for i, id := range acked {
		users[i] = owner[id]
	}
	// primary key of outbox
	const gone = `DELETE FROM outbox o USING unnest($1::uuid[], $2::bigint[]) AS d (user_id, id) WHERE o.user_id = d.user_id AND o.id = d.id`
	b.Queue(gone, users, acked).Exec(func(tag pgconn.CommandTag) error {
		*deleted = tag.RowsAffected()
		return nil
	})
}

// Stale implements outbox.Store.
func (o *Outbox) Stale(ctx context.Context, age time.Duration) ([]uuid.UUID, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	// primary key of outbox, from one user's first row to the next user's: the cost grows with the users, not the rows
	const stale = `
WITH RECURSIVE first AS (
  (SELECT user_id, id, created_at FROM outbox ORDER BY user_id, id LIMIT 1)
  UNION ALL
  SELECT next.* FROM first CROSS JOIN LATERAL (
    SELECT user_id, id, created_at FROM outbox WHERE user_id > first.user_id ORDER BY user_id, id LIMIT 1) AS next
)
SELECT user_id FROM first WHERE created_at <= now() - $1::interval ORDER BY id`
	return Collect(ctx, o.pool, Platform, pgx.RowTo[uuid.UUID], stale, age)
}
