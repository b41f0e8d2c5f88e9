package userlog

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// inbox holds the causes of changes, and which of them were handled before (the table processed_event).
type inbox struct {
	consumer string
	causes   []Cause

	handled      map[[2]string]bool // source and id
	sources, ids []string           // of the causes that are handled now
}

func newInbox(changes []Change) inbox {
	var in inbox
	for _, c := range changes {
		if c.Cause.Consumer != "" {
			in.consumer, in.causes = c.Cause.Consumer, append(in.causes, c.Cause)
		}
	}
	return in
}

// queueHandled reads which causes were handled. It runs under the lock of their user, so no other delivery is in
// progress, and recording them later waits for no lock.
func (in *inbox) queueHandled(b *pgx.Batch) {
	in.handled, in.sources, in.ids = map[[2]string]bool{}, nil, nil
	// primary key of processed_event. One statement per cause: with a list PostgreSQL plans the query anew each time,
	// and as long as it believes the table to be small it reads all events of the consumer. Both took longer than the
	// rest of the change.
	const handled = `SELECT FROM processed_event WHERE consumer = $1 AND source = $2 AND id = $3`
	for _, c := range in.causes {
		b.Queue(handled, in.consumer, c.Source, c.ID).Exec(func(found pgconn.CommandTag) error {
			if found.RowsAffected() > 0 {
				in.handled[[2]string{c.Source, c.ID}] = true
			}
			return nil
		})
	}
}

// first reports whether a cause is handled for the first time, also in this call, and lets queueRecord record it.
func (in *inbox) first(c Cause) bool {
	event := [2]string{c.Source, c.ID}
	if in.handled[event] {
		return false
	}
	if c.Consumer != "" {
		in.handled[event] = true
		in.sources, in.ids = append(in.sources, c.Source), append(in.ids, c.ID)
	}
	return true
}

// recordEvents is the only statement that writes the inbox; primary key of processed_event.
const recordEvents = `
INSERT INTO processed_event (consumer, source, id) SELECT $1, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING`

func (in *inbox) queueRecord(b *pgx.Batch) {
	if len(in.ids) > 0 {
		b.Queue(recordEvents, in.consumer, in.sources, in.ids)
	}
}

// Record records in tx that a consumer handles an event, and reports whether it is the first time. It is for consumers
// whose work belongs to no user, and so has no user's lock: of two concurrent deliveries the second waits here until
// the first ends.
func Record(ctx context.Context, tx pgx.Tx, consumer, source, id string) (first bool, err error) {
	tag, err := tx.Exec(ctx, recordEvents, consumer, []string{source}, []string{id})
	return tag.RowsAffected() == 1, err
}
