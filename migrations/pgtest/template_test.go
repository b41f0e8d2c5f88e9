package pgtest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// A copy of the template has the privileges and settings of a database that was migrated.
func TestNew_IsLikeAMigratedDatabase(t *testing.T) {
	t.Parallel()
	copied := New(t)
	server, admin := connect(t)
	fresh, err := migrated(t.Context(), server, copied.name()+"_migrated")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		fresh.Drop(t)
		_ = admin.Close(context.Background())
	})
	describe := func(d Database) []string {
		t.Helper()
		rows, err := admin.Query(t.Context(), settings, d.name(), "described")
		if err != nil {
			t.Fatal(err)
		}
		statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(statements)
		return statements
	}
	got, want := describe(copied), describe(fresh)
	if len(want) < 10 || !slices.Equal(got, want) {
		t.Errorf("a copy has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
