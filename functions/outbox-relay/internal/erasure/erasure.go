// Package erasure closes the accounts whose users had them deleted, and erases them.
package erasure

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/postgres"
)

const (
	// Grace is longer than an access token of the account can be valid after its sessions have ended (15 minutes): a request
	// with one could otherwise write rows for a user who is gone.
	Grace = 20 * time.Minute
	// batch is how many rows one step deletes: it holds its locks for only a few milliseconds.
	batch = 2000
	// budget ends a run that still finds rows; the next tick continues.
	budget = 5 * time.Second
)

// Step is what one transaction has done.
type Step struct {
	Deletion uuid.UUID // not the user's id: what is logged of an erasure must not name the user
	What     string    // "closed", "erased", or the table from which rows were deleted
	Rows     int64
}

// Done are the rows of one deletion that were deleted from one table, or that it was closed or erased.
type Done map[Step]int64

// Run does what is due (erase_accounts in migrations/), in small transactions until nothing is left or budget is used up. It returns
// what it has done, also with an error. Replicas may run it at the same time: each step is done by one.
func Run(ctx context.Context, pool *postgres.Pool, grace time.Duration) (Done, error) {
	ctx, cancel := context.WithTimeout(ctx, budget+postgres.Timeout)
	defer cancel()
	done := Done{}
	for started := time.Now(); time.Since(started) < budget; {
		steps, err := postgres.Collect(ctx, pool, postgres.Platform, pgx.RowToStructByPos[Step], `SELECT deletion, step, erased FROM erase_accounts($1, $2)`, batch, grace)
		if err != nil {
			return done, err
		}
		if len(steps) == 0 {
			break
		}
		for _, s := range steps {
			done[Step{Deletion: s.Deletion, What: s.What}] += s.Rows
		}
	}
	return done, nil
}
