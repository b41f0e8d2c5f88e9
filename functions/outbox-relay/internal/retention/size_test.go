package retention

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest/sized"
)

// TestSize: one run finds what has expired without reading what has not.
func TestSize(t *testing.T) {
	db := sized.Open(t)
	owner := db.Connect(t, "taskwire_owner", "")
	const each = 50
	expire := func(ctx context.Context) error {
		var b pgx.Batch
		for _, e := range expiring {
			for range each {
				b.Queue(e.insert, e.retention+" +1 minutes")
			}
		}
		return owner.SendBatch(ctx, &b).Close()
	}
	sized.Run(t, db, "Retention", func(open sized.OpenPool) []sized.Case {
		pool := open("taskwire_outbox")
		purge := func(ctx context.Context) error {
			_, err := Purge(ctx, pool)
			return err
		}
		return []sized.Case{
			// Most of the pages are those of catalogs: the function plans its statements each time.
			{Name: "nothing has expired", Rows: 100, Pages: 3000, Before: purge, Call: purge},
			{Name: "50 rows of each kind have expired", Rows: 3000, Pages: 6000, Before: expire, Call: purge, Calls: 50},
		}
	})
}
