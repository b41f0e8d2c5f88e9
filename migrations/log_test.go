package migrations_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
)

const (
	aTask = `
INSERT INTO user_stream (user_id, seq) VALUES ('019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f', 2);
INSERT INTO task_event (user_id, seq, id, task_id, event_type, actor, occurred_at, after_task, changed_fields, traceparent)
VALUES ('019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f', 1, '019aa8f0-7c01-7a10-8b5e-3f2a1c4d5e6f', '019aa8f0-7c02-7a10-8b5e-3f2a1c4d5e6f',
        'task.created', 'user', '2026-12-01T08:00:00Z', '{"title": "Water the plants"}', '{"title": {"from": "", "to": "Water the plants"}}', ''),
       ('019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f', 2, '019aa8f0-7c03-7a10-8b5e-3f2a1c4d5e6f', '019aa8f0-7c02-7a10-8b5e-3f2a1c4d5e6f',
        'task.deleted', 'user', '2026-12-01T09:00:00Z', NULL, '{"deleted": {"from": false, "to": true}}', '')`
	aNotification = `
INSERT INTO task_event (user_id, seq, id, task_id, event_type, actor, occurred_at, changed_fields, traceparent, notification)
VALUES ('019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f', 3, '019aa8f0-7c04-7a10-8b5e-3f2a1c4d5e6f', '019aa8f0-7c02-7a10-8b5e-3f2a1c4d5e6f',
        'notification.created', 'system:reminder-fan-in', '2026-12-01T10:00:00Z', '{}', '', '{"kind": "upcoming"}'),
       ('019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f', 4, '019aa8f0-7c05-7a10-8b5e-3f2a1c4d5e6f', NULL,
        'notification.read', 'user', '2026-12-01T11:00:00Z', '{}', '', NULL);
UPDATE user_stream SET seq = 4`
	aLabel = `
INSERT INTO task_event (user_id, seq, id, event_type, actor, occurred_at, changed_fields, traceparent, label, relabeled)
VALUES ('019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f', 3, '019aa8f0-7c06-7a10-8b5e-3f2a1c4d5e6f', 'project.updated', 'user', '2026-12-01T12:00:00Z',
        '{"name": {"from": "Home", "to": "House"}}', '', '{"name": "House"}', ARRAY['019aa8f0-7c02-7a10-8b5e-3f2a1c4d5e6f']::uuid[]);
UPDATE user_stream SET seq = 3`
)

// Each migration is rolled back on a database with a log, and applied again: the log and each user's position in it are
// unchanged, or the migration refuses and nothing has changed.
func TestNoMigrationTakesFromTheLog(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		log     []string
		refuses string // the first migration that cannot be rolled back
	}{
		"entries about tasks":             {[]string{aTask}, "20261101000200_tasks.sql"},
		"entries about projects too":      {[]string{aTask, aLabel}, "20261128100000_labels.sql"},
		"entries about notifications too": {[]string{aTask, aNotification}, "20261124020000_reminders.sql"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.New(t)
			provider, err := migrations.Provider(db.Owner)
			if err != nil {
				t.Fatal(err)
			}
			defer provider.Close()
			conn, err := pgx.Connect(t.Context(), db.Owner)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(t.Context())
			for _, sql := range c.log {
				if _, err := conn.Exec(t.Context(), sql); err != nil {
					t.Fatal(err)
				}
			}
			before := logOf(t, conn)
			sources := provider.ListSources()
			for i := len(sources) - 1; ; i-- {
				if i < 0 {
					t.Fatalf("all migrations were taken back, and %s did not refuse", c.refuses)
				}
				file := filepath.Base(sources[i].Path)
				_, err := provider.Down(t.Context())
				if version(t, provider) < sources[i].Version != (err == nil) {
					t.Fatalf("%s: at version %d after %v", file, version(t, provider), err)
				}
				if after := logOf(t, conn); after != before {
					t.Fatalf("%s: the log is\n%s\nand was\n%s", file, after, before)
				}
				if err != nil {
					if file != c.refuses || !strings.Contains(err.Error(), "audit log") {
						t.Errorf("%s: %v", file, err)
					}
					break
				}
			}
			if _, err := provider.Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			if after := logOf(t, conn); after != before {
				t.Fatalf("applied again: the log is\n%s\nand was\n%s", after, before)
			}
		})
	}
}

// logOf returns the whole log and each user's position in it, as text.
func logOf(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	// to_jsonb, because columns are added and removed; columns without a value are omitted.
	const all = `
SELECT coalesce((SELECT string_agg(jsonb_strip_nulls(to_jsonb(e))::text, E'\n' ORDER BY user_id, seq) FROM task_event e), '')
  || E'\n' || coalesce((SELECT string_agg(user_id::text || ' ' || epoch || ' ' || seq, E'\n' ORDER BY user_id) FROM user_stream), '')`
	var text string
	// A query plan from before a migration is invalid after it.
	if err := conn.QueryRow(t.Context(), all, pgx.QueryExecModeExec).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

func version(t *testing.T, provider *goose.Provider) int64 {
	t.Helper()
	version, err := provider.GetDBVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// Covers what the test above cannot: statements that affect only rows that it does not have.
func TestNoMigrationChangesEntriesOfTheLog(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	changes := regexp.MustCompile(`(?i)\b(delete\s+from|update|truncate(\s+table)?)\s+(only\s+)?(public\.)?task_event\b`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := changes.FindString(string(text)); found != "" {
			t.Errorf("%s: %s: the log is append-only", file, found)
		}
	}
}
