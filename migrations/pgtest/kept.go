package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
)

// keptLock is the advisory lock under which the databases of Kept are made: the tests of several packages may ask for one
// at the same time.
const keptLock = lock + 1

// Kept returns the database that is named after a kind and a key. It is not dropped when the test ends: other packages
// and later runs use it, and may have changed it. If the server has none, it is migrated and filled, and those of the same
// kind with another key are dropped.
func Kept(t testing.TB, kind, key string, fill func(context.Context, Database) error) Database {
	t.Helper()
	ctx := t.Context()
	server, admin := connect(t)
	defer func() { _ = admin.Close(context.WithoutCancel(ctx)) }()
	db := at(server, kind+"_"+key)
	if err := db.keep(ctx, admin, kind, fill); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return db
}

func (d Database) keep(ctx context.Context, admin *pgx.Conn, kind string, fill func(context.Context, Database) error) error {
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock($1)", keptLock); err != nil {
		return err
	}
	rows, err := admin.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", kind+"_")
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range all {
		if name == d.name() {
			return nil
		}
	}
	for _, name := range all {
		if _, err := admin.Exec(ctx, "DROP DATABASE "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	// It gets its name when it is complete.
	unfinished, err := migrated(ctx, d.server, d.name()+"_unfinished")
	if err != nil {
		return err
	}
	if err := fill(ctx, unfinished); err != nil {
		return fmt.Errorf("fill %s: %w", d.name(), err)
	}
	_, err = admin.Exec(ctx, fmt.Sprintf("ALTER DATABASE %s RENAME TO %s", unfinished.name(), d.name()))
	return err
}

// migrated makes a database on a connection that holds the lock of the roles only until they are there.
func migrated(ctx context.Context, server *url.URL, name string) (Database, error) {
	admin, err := pgx.Connect(ctx, server.String())
	if err != nil {
		return Database{}, err
	}
	defer func() { _ = admin.Close(context.WithoutCancel(ctx)) }()
	db, err := create(ctx, admin, server, name)
	if err != nil {
		return Database{}, err
	}
	if err := migrate(ctx, db.Owner); err != nil {
		return Database{}, err
	}
	return db, lend(ctx, admin)
}
