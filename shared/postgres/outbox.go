package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/outbox"
)

// Outbox is the outbox table, in the role taskwire_outbox.
type Outbox struct{ pool *Pool }

// NewOutbox returns the outbox.
func NewOutbox(pool *Pool) *Outbox { return &Outbox{pool: pool} }

// outboxLock is the first key of the advisory locks of the shards; the second is the shard.
const outboxLock = 0x7457 // "tW"

// Drain implements outbox.Store. The locks last until its transaction ends, so a publisher that is killed
// gives them back at once.
func (o *Outbox) Drain(ctx context.Context, shards outbox.Set, limit int,
	publish func(context.Context, []outbox.Message) []int64,
) (outbox.Drained, error) {
	var done outbox.Drained
	conn, err := o.pool.acquire(ctx, platform)
	if err != nil {
		return done, Fault(err)
	}
	defer conn.Release()
	locked, waiting, messages, err := lockAndRead(ctx, conn, shards, limit)
	if err != nil {
		rollback(ctx, conn)
		return done, Fault(err)
	}
	done.Locked, done.Waiting = locked, waiting
	if len(messages) == 0 {
		rollback(ctx, conn)
		return done, nil
	}
	gone := publish(ctx, messages)
	b := &pgx.Batch{}
	// primary key of outbox
	b.Queue(`DELETE FROM outbox WHERE id = ANY ($1)`, gone)
	b.Queue("COMMIT")
	// Not bound to ctx: what is in the broker should leave the outbox even while the process shuts down.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Timeout)
	defer cancel()
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		rollback(ctx, conn)
		return done, Fault(err)
	}
	done.Gone = len(gone)
	return done, nil
}

func lockAndRead(ctx context.Context, conn *conn, shards outbox.Set, limit int) (outbox.Set, int, []outbox.Message, error) {
	var locked outbox.Set
	b := &pgx.Batch{}
	b.Queue("BEGIN").Exec(discard)
	// A deletion that a crash of the database forgets is published again, which consumers bear; waiting for
	// the disk here would delay every event.
	b.Queue("SET LOCAL synchronous_commit = off").Exec(discard)
	const lock = `SELECT shard FROM unnest($1::smallint[]) AS shard WHERE pg_try_advisory_xact_lock($2::integer, shard)`
	b.Queue(lock, shards.List(), outboxLock).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var shard int16
			if err := rows.Scan(&shard); err != nil {
				return err
			}
			locked |= outbox.SetOf(shard)
		}
		return rows.Err()
	})
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return 0, 0, nil, err
	}
	if locked == 0 {
		return 0, 0, nil, nil
	}
	// Read only now: a statement sees what was committed before it began, and rows of a shard leave only under
	// its lock. The primary key of outbox gives the oldest rows in order, which is each user's commit order. Of one
	// user only so many are taken at a time, so that a great import does not hold up everyone else.
	const oldest = `
SELECT id, user_id, topic, payload, waiting FROM (
  SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY id) AS nth, count(*) OVER () AS waiting FROM (
    SELECT id, user_id, topic, payload FROM outbox WHERE shard = ANY ($1) ORDER BY id LIMIT $2
  ) AS oldest
) AS ranked
WHERE nth <= $3 ORDER BY id LIMIT $4`
	rows, err := conn.Query(ctx, oldest, locked.List(), outbox.Horizon, outbox.PerUser, limit)
	if err != nil {
		return 0, 0, nil, err
	}
	waiting := 0
	messages, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m outbox.Message, err error) {
		return m, row.Scan(&m.ID, &m.UserID, &m.Topic, &m.Payload, &waiting)
	})
	return locked, waiting, messages, err
}

// Stale implements outbox.Store.
func (o *Outbox) Stale(ctx context.Context, age time.Duration) (outbox.Set, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	// reads the whole outbox, which is small while publishing works
	const stale = `SELECT DISTINCT shard FROM outbox WHERE created_at < now() - $1::interval`
	shards, err := collect(ctx, o.pool, platform, pgx.RowTo[int16], stale, age)
	return outbox.SetOf(shards...), err
}
