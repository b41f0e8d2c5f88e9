// Package retention deletes what is past its retention.
package retention

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/postgres"
)

const (
	// batch is how many rows of one kind one statement deletes: it holds its locks for only a few milliseconds.
	batch = 2000
	// budget ends a run that still finds rows, for example after a long outage; the next tick continues. At 1,000
	// changes a second about 20,000 rows expire between two ticks of ten seconds, and deleting them takes less than a
	// second.
	budget = 5 * time.Second
)

// Purge deletes what is older than its retention (purge_expired in migrations/, docs/data-model.md) in small
// transactions until nothing is left or budget is used up. It returns how many rows of each kind it deleted, also with
// an error; kinds without any are left out.
func Purge(ctx context.Context, pool *postgres.Pool) (map[string]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, budget+postgres.Timeout)
	defer cancel()
	total := map[string]int64{}
	for started := time.Now(); time.Since(started) < budget; {
		kinds, err := postgres.Collect(ctx, pool, postgres.Platform, pgx.RowToStructByPos[purged], `SELECT kind, purged FROM purge_expired($1)`, batch)
		if err != nil {
			return total, err
		}
		more := false
		for _, k := range kinds {
			if k.Rows > 0 {
				total[k.Kind] += k.Rows
			}
			more = more || k.Rows == batch
		}
		if !more {
			break
		}
	}
	return total, nil
}

type purged struct {
	Kind string
	Rows int64
}
