package pgtest_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
)

// Each role logs in as itself, without a superuser's rights.
func TestRolesConnect(t *testing.T) {
	t.Parallel()
	for range 4 { // in parallel, to show that databases are created concurrently
		t.Run("database", func(t *testing.T) {
			t.Parallel()
			db := pgtest.New(t)
			for _, role := range []string{"taskwire_owner", "taskwire_app", "taskwire_worker", "taskwire_auth", "taskwire_outbox", "taskwire_stream"} {
				conn, err := pgx.Connect(t.Context(), db.URL(role))
				if err != nil {
					t.Fatal(err)
				}
				var is string
				var super bool
				const who = `SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user`
				if err := conn.QueryRow(t.Context(), who).Scan(&is, &super); err != nil || is != role || super {
					t.Errorf("connected as %q, superuser %t, %v; want %q", is, super, err, role)
				}
				_ = conn.Close(t.Context())
			}
		})
	}
}
