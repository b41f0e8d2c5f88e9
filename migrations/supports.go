package migrations

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/shared/schema"
)

// undefinedFunction is PostgreSQL's code for a function that does not exist.
const undefinedFunction = "42883"

// Supports is an error if functions of this release do not work with the schema of the database at url, which must be the
// owner's, even after `migrate up` of this release: a later release has taken something away that they need.
func Supports(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var version, oldest int64
	err = conn.QueryRow(ctx, `SELECT schema_version(), schema_oldest()`).Scan(&version, &oldest)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == undefinedFunction {
		return nil // older than this release, whose migrations come next
	}
	if err != nil {
		return err
	}
	return supports(version, oldest, schema.Newest)
}

// supports compares the schema of a database with the newest migration that functions know.
func supports(version, oldest, known int64) error {
	if known >= oldest {
		return nil
	}
	return fmt.Errorf("the database's schema is at migration %d and works with functions that know at least %d; those of this release know %d: stay on a later release, or restore a backup from before migration %d",
		version, oldest, known, oldest)
}
