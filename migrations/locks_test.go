package migrations_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/eventually"
)

// A migration that has to wait for a reader, such as a backup, does not make writers wait behind it until the reader is done: it
// gives up before they do, and can be tried again.
func TestMigrationBehindAReader_LetsWritersThrough(t *testing.T) {
	t.Parallel()
	// 20261128170100 alters user_stream, which every write locks.
	for name, c := range map[string]struct {
		at     int64
		change func(*goose.Provider, context.Context) (*goose.MigrationResult, error)
	}{
		"up":   {20261128170000, (*goose.Provider).UpByOne},
		"down": {20261128170100, (*goose.Provider).Down},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.New(t)
			provider := at(t, db, c.at)
			reader := db.Connect(t, "taskwire_backup", "")
			tx, err := reader.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), `SELECT FROM user_stream`); err != nil {
				t.Fatal(err)
			}
			migrated := make(chan error, 1)
			go func() {
				_, err := c.change(provider, context.WithoutCancel(t.Context()))
				migrated <- err
			}()
			writer, owner := db.Connect(t, "taskwire_worker", ""), db.Connect(t, "taskwire_owner", "")
			eventually.True(t, "the migration waits for the reader", func() bool {
				return one(t, owner, `SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'user_stream'::regclass AND NOT granted)`)
			})
			if _, err := writer.Exec(t.Context(), `SET lock_timeout = '3s'`); err != nil { // as functions do
				t.Fatal(err)
			}
			if _, err := writer.Exec(t.Context(), `INSERT INTO user_stream (user_id) VALUES ($1)`, uuid.New()); err != nil {
				t.Errorf("a write behind the migration: %v", err)
			}
			if err := tx.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := <-migrated; !migrations.Temporary(err) {
				t.Errorf("the migration did not give up for later: %v", err)
			}
			if _, err := c.change(provider, t.Context()); err != nil {
				t.Errorf("tried again without the reader: %v", err)
			}
		})
	}
}

// An index that is built concurrently blocks nobody while it waits for older transactions, so it waits as long as they take.
func TestConcurrentIndex_WaitsForOldTransactions(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	provider := at(t, db, 20261127120200) // the next migration builds the index of the trash
	tx, err := db.Connect(t, "taskwire_worker", "").Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `UPDATE task SET version = version`); err != nil {
		t.Fatal(err)
	}
	migrated := make(chan error, 1)
	go func() {
		_, err := provider.UpByOne(context.WithoutCancel(t.Context()))
		migrated <- err
	}()
	owner := db.Connect(t, "taskwire_owner", "")
	eventually.True(t, "the index has waited for longer than a migration waits for a table", func() bool {
		return one(t, owner, `
SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
               WHERE datname = current_database() AND NOT granted AND clock_timestamp() - waitstart > interval '2.5 s')`)
	})
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-migrated; err != nil {
		t.Error(err)
	}
}

// at takes the database back to a version.
func at(t *testing.T, db pgtest.Database, version int64) *goose.Provider {
	t.Helper()
	provider, err := migrations.Provider(db.Owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = provider.Close() })
	if _, err := provider.DownTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	return provider
}

// one runs a query that returns one boolean.
func one(t *testing.T, conn *pgx.Conn, query string) (holds bool) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), query).Scan(&holds); err != nil {
		t.Fatal(err)
	}
	return holds
}
