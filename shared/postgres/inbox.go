package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Inbox lets a consumer do its work exactly once, in the role taskwire_worker.
type Inbox struct {
	pool     *Pool
	consumer string
}

// NewInbox returns the inbox of a consumer. Its name must never change: it is what was done that it names.
func NewInbox(pool *Pool, consumer string) *Inbox {
	return &Inbox{pool: pool, consumer: consumer}
}

// Once runs work in a transaction that also records the event (source, id), unless this consumer has recorded
// it before: then nothing runs and done is false. When work fails nothing is recorded, so a redelivery tries
// again. Of two deliveries at the same time, the second waits for the first one's end.
func (i *Inbox) Once(ctx context.Context, source, id string, work func(context.Context, pgx.Tx) error) (done bool, err error) {
	return i.onceFor(ctx, Platform, source, id, work)
}

// onceFor is Once for an event of who's.
func (i *Inbox) onceFor(ctx context.Context, who Party, source, id string, work func(context.Context, pgx.Tx) error) (done bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	err = i.pool.InTx(ctx, who, func(tx pgx.Tx) error {
		// primary key of processed_event
		const record = `INSERT INTO processed_event (consumer, source, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
		tag, err := tx.Exec(ctx, record, i.consumer, source, id)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		done = true
		return work(ctx, tx)
	})
	if err != nil {
		return false, Fault(err)
	}
	return done, nil
}
