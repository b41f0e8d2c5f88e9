package userlog

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// inbox holds the causes of changes, and which of them were handled before (the table processed_event).
type inbox struct {
	consumer string
	causes   []Cause
	known    map[[2]string]bool // source and id
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

func (in *inbox) handled(c Cause) bool { return in.known[[2]string{c.Source, c.ID}] }

// fresh returns the sources and ids of the causes that are handled now.
func (in *inbox) fresh() (sources, ids []string) {
	for _, c := range in.causes {
		if !in.handled(c) {
			sources, ids = append(sources, c.Source), append(ids, c.ID)
		}
	}
	return sources, ids
}

// empty reports whether there is nothing to record.
func (in *inbox) empty() bool {
	sources, _ := in.fresh()
	return len(sources) == 0
}

// queueKnown reads which causes were handled. It runs under the lock of their user, so no other delivery is in
// progress, and recording them later waits for no lock.
func (in *inbox) queueKnown(b *pgx.Batch) {
	in.known = nil
	if len(in.causes) == 0 {
		return
	}
	// primary key of processed_event
	const known = `
SELECT source, id FROM processed_event
WHERE consumer = $1 AND (source, id) IN (SELECT * FROM unnest($2::text[], $3::text[]))`
	sources, ids := in.fresh()
	b.Queue(known, in.consumer, sources, ids).Query(func(rows pgx.Rows) error {
		var event [2]string
		_, err := pgx.ForEachRow(rows, []any{&event[0], &event[1]}, func() error {
			if in.known == nil {
				in.known = map[[2]string]bool{}
			}
			in.known[event] = true
			return nil
		})
		return err
	})
}

// recordEvents is the only statement that writes the inbox; primary key of processed_event.
const recordEvents = `
INSERT INTO processed_event (consumer, source, id) SELECT $1, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING`

func (in *inbox) queueRecord(b *pgx.Batch) {
	if sources, ids := in.fresh(); len(sources) > 0 {
		b.Queue(recordEvents, in.consumer, sources, ids)
	}
}

// Record records in tx that a consumer handles an event, and reports whether it is the first time. It is for consumers
// whose work belongs to no user, and so has no user's lock: of two concurrent deliveries the second waits here until
// the first ends.
func Record(ctx context.Context, tx pgx.Tx, consumer, source, id string) (first bool, err error) {
	tag, err := tx.Exec(ctx, recordEvents, consumer, []string{source}, []string{id})
	return tag.RowsAffected() == 1, err
}
