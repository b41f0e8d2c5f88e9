package postgres

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// attempts is how often a transaction is run that others get in the way of.
const attempts = 3

// Retry runs a whole transaction, and again when PostgreSQL ended it for the sake of another one.
func Retry(transaction func() error) error {
	for n := 1; ; n++ {
		err := transaction()
		if n == attempts || !retryable(err) {
			return err
		}
	}
}

// retryable reports a serialization failure or a deadlock: nothing was done, and done again it may well succeed. So may the
// transaction that lost a race of two users for a chosen id: the next attempt reads that the id is taken.
func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "40") || pg.Code == "23505" && pg.ConstraintName == "task_id_key")
}
