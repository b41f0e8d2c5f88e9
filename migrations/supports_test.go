package migrations_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/schema"
)

func TestSchema_IsTheNewestMigration(t *testing.T) {
	t.Parallel()
	provider, err := migrations.Provider(pgtest.New(t).Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer provider.Close()
	sources := provider.ListSources()
	if newest := sources[len(sources)-1].Version; newest != schema.Newest {
		t.Errorf("the newest migration is %d, and Newest in shared/schema is %d", newest, schema.Newest)
	}
}

// A rollback relies on what migrations say of earlier functions.
func TestContraction_IsDeclared(t *testing.T) {
	t.Parallel()
	takes := regexp.MustCompile(`(?i)\b(drop\s+(table|column|function|view|type)|rename\s+(to|column)|set\s+not\s+null|alter\s+(column\s+)?\w+\s+(set\s+data\s+)?type)\b`)
	files, err := filepath.Glob("*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	for _, file := range files {
		number, _, _ := strings.Cut(file, "_")
		if version, err := strconv.ParseInt(number, 10, 64); err != nil || version < 20261127010000 {
			continue // before schema_oldest
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		if found := takes.FindString(up); found != "" && !strings.Contains(up, "FUNCTION schema_oldest()") {
			t.Errorf("%s: %s: earlier functions may need it, so the migration must replace schema_oldest()", file, found)
		}
	}
}
