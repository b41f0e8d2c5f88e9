package postgres

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// attempts is how often a transaction that conflicts with others is run.
const attempts = 3

// Retry runs a whole transaction, and runs it again if PostgreSQL aborted it because of a concurrent one.
func Retry(transaction func() error) error {
	for n := 1; ; n++ {
		err := transaction()
		if n == attempts || !retryable(err) {
			return err
		}
	}
}

// retryable reports a serialization failure or a deadlock: nothing was committed, and a retry may well succeed. The
// same holds for the transaction that lost a race of two users for a chosen id: the next attempt reads that the id is
// taken.
func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "40") || pg.Code == "23505" && pg.ConstraintName == "task_id_key")
}
