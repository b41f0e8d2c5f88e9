package integration

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/postgres"
)

// A release rolled back to finds a schema of later ones. That is no obstacle, neither to its functions nor to its
// migrations, until a migration says that it took something away.
func TestRollback_OverALaterMigration(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	conn, err := pgx.Connect(t.Context(), db.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: db.URL("taskwire_app"), MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()

	upWith(t, conn, "20991231000000_expand.sql", "-- +goose Up\nALTER TABLE task ADD COLUMN later text;\n-- +goose Down\nALTER TABLE task DROP COLUMN later;\n")
	if err := pool.Ready(t.Context()); err != nil {
		t.Errorf("after a migration that adds: %v", err)
	}
	if err := migrations.Supports(t.Context(), db.Owner); err != nil {
		t.Errorf("after a migration that adds: %v", err)
	}
	provider, err := migrations.Provider(db.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer provider.Close()
	if results, err := provider.Up(t.Context()); err != nil || len(results) > 0 {
		t.Errorf("the earlier release's migrations: %v, %v", results, err)
	}

	upWith(t, conn, "20991231000001_contract.sql", `-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION schema_oldest() RETURNS bigint LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT 20991231000000 $$;
-- +goose StatementEnd
`)
	err = migrations.Supports(t.Context(), db.Owner)
	if err == nil || !strings.Contains(err.Error(), "works with functions that know at least 20991231000000") {
		t.Errorf("after a migration that takes away: %v", err)
	}
	late, err := postgres.Open(t.Context(), postgres.Config{URL: db.URL("taskwire_app"), MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer late.Close()
	if err := late.Ready(t.Context()); err == nil {
		t.Error("a function that is too old for the schema is ready")
	}
}

// A function that starts before its migrations waits for them.
func TestReady_WaitsForTheMigrations(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	provider, err := migrations.Provider(db.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer provider.Close()
	if _, err := provider.Down(t.Context()); err != nil {
		t.Fatal(err)
	}
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: db.URL("taskwire_stream"), MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := pool.Ready(t.Context()); err == nil {
		t.Error("ready without the newest migration")
	}
	if err := migrations.Supports(t.Context(), db.Owner); err != nil {
		t.Errorf("a database that is older: %v", err)
	}
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := pool.Ready(t.Context()); err != nil {
		t.Errorf("with it: %v", err)
	}
}

// upWith applies the migrations of this release, as files, and one of a later release.
func upWith(t *testing.T, conn *pgx.Conn, name, text string) {
	t.Helper()
	files := fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}}
	db := stdlib.OpenDB(*conn.Config())
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
}
