package migrations_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
)

func TestTemporary_OfTheServersCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"57P03": true, "53300": true, "55P03": true,
		"28P01": false, "28000": false, "3D000": false, "42P07": false, "42501": false, "23505": false,
	} {
		if got := migrations.Temporary(fmt.Errorf("migrate: %w", &pgconn.PgError{Code: code})); got != want {
			t.Errorf("%s: %t, want %t", code, got, want)
		}
	}
}

// TestTemporary_ThroughGoose: what goose makes of an error still says what it was.
func TestTemporary_ThroughGoose(t *testing.T) {
	t.Parallel()
	up := func(url string) error {
		provider, err := migrations.Provider(url)
		if err != nil {
			t.Fatal(err)
		}
		defer provider.Close()
		_, err = provider.Up(t.Context())
		return err
	}
	if err := up("postgres://nobody@127.0.0.1:1/none"); !migrations.Temporary(err) {
		t.Errorf("a server that does not answer is not temporary: %v", err)
	}
	db := pgtest.New(t)
	owner := db.Connect(t, "taskwire_owner", "")
	// The newest migration is missing, and what it is to make is there.
	if _, err := owner.Exec(t.Context(), `DELETE FROM goose_db_version WHERE version_id = 20261126230100`); err != nil {
		t.Fatal(err)
	}
	if err := up(db.Owner); err == nil || migrations.Temporary(err) {
		t.Errorf("a statement that fails is temporary, or did not fail: %v", err)
	}
}
