package store

import (
	"cmp"
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/dead-letter/internal/pipeline"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
)

// Pipeline measures, for an administrator, the outbox and the dead letters.
func (s *Store) Pipeline(ctx context.Context, who token.Principal) (pipeline.Snapshot, error) {
	var at time.Time
	backlogs, givenUp := []pipeline.Backlog{}, []pipeline.GivenUp{}
	err := s.read(ctx, who, func(b *pgx.Batch) {
		b.Queue(`SELECT now()`).QueryRow(func(row pgx.Row) error { return row.Scan(&at) })
		// all of the outbox: it is nearly empty, or someone needs to know how full it is
		b.Queue(`SELECT topic, count(*), min(created_at) FROM outbox GROUP BY topic ORDER BY topic`).Query(func(rows pgx.Rows) (err error) {
			backlogs, err = pgx.AppendRows(backlogs, rows, func(row pgx.CollectableRow) (l pipeline.Backlog, err error) {
				err = row.Scan(&l.Topic, &l.Waiting, &l.OldestAt)
				l.OldestAt = l.OldestAt.UTC()
				return l, err
			})
			return err
		})
		// all of dead_letter
		const lost = `SELECT nullif(consumer, ''), count(*) FILTER (WHERE status = 'open'), count(*) FILTER (WHERE status = 'redriven'), max(failed_at)
FROM dead_letter GROUP BY consumer ORDER BY consumer`
		b.Queue(lost).Query(func(rows pgx.Rows) (err error) {
			givenUp, err = pgx.AppendRows(givenUp, rows, func(row pgx.CollectableRow) (g pipeline.GivenUp, err error) {
				err = row.Scan(&g.Consumer, &g.Open, &g.Redriven, &g.FailedAt)
				g.FailedAt = g.FailedAt.UTC()
				return g, err
			})
			return err
		})
	})
	return pipeline.Of(at, backlogs, givenUp), err
}

// Measured is the state of the outbox and of the dead letters.
type Measured struct {
	OutboxRows int64
	OutboxAge  time.Duration    // of the oldest row
	Open       map[string]int64 // dead letters by consumer; those of all consumers that ever had any, and at least one entry
}

// unknown stands for the consumer of records that do not name theirs.
const unknown = "unknown"

// Measure measures them for the platform's own metrics.
func (s *Store) Measure(ctx context.Context) (Measured, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	m := Measured{Open: map[string]int64{unknown: 0}}
	conn, err := s.pool.Acquire(ctx, postgres.Platform)
	if err != nil {
		return m, err
	}
	defer conn.Release()
	b := &pgx.Batch{}
	// all of the outbox and of dead_letter, as above
	b.Queue(`SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 FROM outbox`).QueryRow(func(row pgx.Row) error {
		var seconds float64
		err := row.Scan(&m.OutboxRows, &seconds)
		m.OutboxAge = time.Duration(seconds * float64(time.Second))
		return err
	})
	b.Queue(`SELECT consumer, count(*) FILTER (WHERE status = 'open') FROM dead_letter GROUP BY consumer`).Query(func(rows pgx.Rows) error {
		var consumer string
		var open int64
		_, err := pgx.ForEachRow(rows, []any{&consumer, &open}, func() error {
			m.Open[cmp.Or(consumer, unknown)] = open
			return nil
		})
		return err
	})
	return m, postgres.Fault(conn.SendBatch(ctx, b).Close())
}

// OutboxAge is how long the oldest event has waited to be published; 0 when none waits.
func (s *Store) OutboxAge(ctx context.Context) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// all of the outbox, as above
	const oldest = `SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 FROM outbox`
	seconds, err := postgres.Collect(ctx, s.pool, postgres.Platform, pgx.RowTo[float64], oldest)
	if err != nil {
		return 0, err
	}
	return time.Duration(seconds[0] * float64(time.Second)), nil
}
