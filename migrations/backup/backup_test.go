package backup_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/backup"
	"taskwire.dev/migrations/pgtest"
)

func quiet(backup.Progress) {}

// fill gives a database two users with changes, sessions, reminders and an outbox. The text needs escapes.
func fill(t *testing.T, db pgtest.Database) (users [2]uuid.UUID) {
	t.Helper()
	users = [2]uuid.UUID{uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())}
	owner := db.Connect(t, "taskwire_owner", "")
	for i, user := range users {
		for _, statement := range []string{
			`INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, 'user' || $2::int || '@example.com', E'Tab\there, \\N and\na line', 'x', now())`,
			`INSERT INTO refresh_token (id, family_id, user_id, token_hash, created_at, expires_at) VALUES (gen_random_uuid(), gen_random_uuid(), $1, sha256(('t' || $2::int)::bytea), now(), now() + interval '1 day')`,
			`INSERT INTO user_stream (user_id, seq) VALUES ($1, 20 + $2::int)`,
			`INSERT INTO task_event (user_id, seq, id, task_id, event_type, actor, occurred_at, after_task, changed_fields, traceparent)
				SELECT $1, n, gen_random_uuid(), gen_random_uuid(), 'task.created', 'user', now(), '{"title": "Ümläut \u0022 \\ 🌱"}', '{}', '' FROM generate_series(1, 20 + $2::int) n`,
			`INSERT INTO task (user_id, id, title, description, priority, tags, reminders, position, version, created_at, updated_at)
				SELECT $1, gen_random_uuid(), E'Line\nbreak ' || n, '', 0, '{"a,b","c\"d"}', '{}', 'a' || n, 1, now(), now() FROM generate_series(1, 20 + $2::int) n`,
			`INSERT INTO outbox (shard, user_id, topic, payload) SELECT 1, $1, 'task-events', '\x00ff0a5c'::bytea FROM generate_series(1, 3 + $2::int)`,
			`INSERT INTO processed_event (consumer, source, id) VALUES ('recurring-spawn', '/users/' || $1::uuid, $2::int::text)`,
		} {
			args := []any{user, i}
			if !strings.Contains(statement, "$2") {
				args = args[:1]
			}
			if _, err := owner.Exec(t.Context(), statement, args...); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
	}
	return users
}

// dump is all that a database has, in a comparable form.
func dump(t *testing.T, db pgtest.Database) string {
	t.Helper()
	conn := db.Connect(t, "taskwire_owner", "")
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), `SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, name := range names {
		lines := `SELECT x::text FROM ` + name + ` x ORDER BY 1`
		if name == "user_stream" { // the epoch is meant to change
			lines = `SELECT user_id || ' ' || seq || ' ' || last_position FROM user_stream ORDER BY 1`
		}
		out.WriteString("-- " + name + "\n")
		if _, err := conn.PgConn().CopyTo(t.Context(), &out, `COPY (`+lines+`) TO STDOUT`); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return out.String()
}

func write(t *testing.T, db pgtest.Database) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "backup.zip")
	if _, err := backup.Write(t.Context(), db.URL("taskwire_backup"), path, "test", quiet); err != nil {
		t.Fatal(err)
	}
	return path
}

func restore(t *testing.T, db pgtest.Database, path string, replace bool) error {
	t.Helper()
	b, err := backup.Open(path)
	if err != nil {
		return err
	}
	defer b.Close()
	if err := b.Verify(quiet); err != nil {
		return err
	}
	return b.Restore(t.Context(), db.Owner, replace, quiet)
}

func epochs(t *testing.T, db pgtest.Database) map[string]bool {
	t.Helper()
	conn := db.Connect(t, "taskwire_owner", "")
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), `SELECT epoch FROM user_stream`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, e := range all {
		found[e] = true
	}
	return found
}

// Everything comes back as it was, into an empty server and over a later state; only epochs are new, and new outbox rows come
// after the restored ones.
func TestRestore_GivesBackWhatWasSaved(t *testing.T) {
	t.Parallel()
	from := pgtest.New(t)
	users := fill(t, from)
	want, was := dump(t, from), epochs(t, from)
	path := write(t, from)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the backup: %v %v", info.Mode(), err)
	}

	// The lost future.
	owner := from.Connect(t, "taskwire_owner", "")
	if _, err := owner.Exec(t.Context(), `UPDATE user_stream SET seq = seq + 1; DELETE FROM processed_event; UPDATE task SET title = 'Later'`); err != nil {
		t.Fatal(err)
	}
	_ = owner.Close(t.Context())
	if err := restore(t, from, path, false); !errors.Is(err, backup.ErrNotEmpty) {
		t.Errorf("replaced without being asked to: %v", err)
	}
	other := pgtest.New(t)
	for name, db := range map[string]pgtest.Database{"over a later state": from, "into an empty database": other} {
		if err := restore(t, db, path, name == "over a later state"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := dump(t, db); got != want {
			t.Errorf("%s: restored\n%s\nwant\n%s", name, got, want)
		}
		now := epochs(t, db)
		if len(now) != len(users) {
			t.Errorf("%s: %d epochs for %d users", name, len(now), len(users))
		}
		for e := range now {
			if was[e] {
				t.Errorf("%s: epoch %s from before the restore", name, e)
			}
		}
		conn := db.Connect(t, "taskwire_owner", "")
		var last, next int64
		const add = `INSERT INTO outbox (shard, user_id, topic, payload) VALUES (0, $1, 't', '') RETURNING id, (SELECT max(id) FROM outbox)`
		if err := conn.QueryRow(t.Context(), add, users[0]).Scan(&next, &last); err != nil || next <= last {
			t.Errorf("%s: outbox row %d after %d: %v", name, next, last, err)
		}
		var indexes int
		if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'`).Scan(&indexes); err != nil || indexes < 30 {
			t.Errorf("%s: %d indexes, %v", name, indexes, err)
		}
		_ = conn.Close(t.Context())
	}
}

// A backup of an earlier release is migrated, whatever schema the database has.
func TestRestore_MigratesAnEarlierSchema(t *testing.T) {
	t.Parallel()
	const earlier = 20261126211000 // before the columns that searches read
	from := pgtest.New(t)
	provider, err := migrations.Provider(from.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer provider.Close()
	if _, err := provider.DownTo(t.Context(), earlier); err != nil {
		t.Fatal(err)
	}
	fill(t, from)
	path := filepath.Join(t.TempDir(), "backup.zip")
	m, err := backup.Write(t.Context(), from.Owner, path, "test", quiet)
	if err != nil || m.Schema != earlier {
		t.Fatal(m.Schema, err)
	}
	for _, db := range []pgtest.Database{pgtest.New(t), from} {
		if err := restore(t, db, path, true); err != nil {
			t.Fatal(err)
		}
		conn := db.Connect(t, "taskwire_owner", "")
		var tasks, folded int
		if err := conn.QueryRow(t.Context(), `SELECT count(*), count(search) FROM task`).Scan(&tasks, &folded); err != nil || tasks != 41 || folded != tasks {
			t.Errorf("%d tasks, %d can be searched: %v", tasks, folded, err)
		}
	}
}

func TestRestore_Refuses(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	fill(t, db)
	want := dump(t, db)
	path := write(t, db)

	rewritten := func(change func(name string, content []byte) []byte) string {
		old, err := zip.OpenReader(path)
		if err != nil {
			t.Fatal(err)
		}
		defer old.Close()
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, f := range old.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			entry, err := w.Create(f.Name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := entry.Write(change(f.Name, content)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "changed.zip")
		if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	truncated := filepath.Join(t.TempDir(), "truncated.zip")
	if err := os.WriteFile(truncated, content[:len(content)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	only := func(file, from, to string) func(string, []byte) []byte {
		return func(name string, content []byte) []byte {
			if name == file {
				return bytes.Replace(content, []byte(from), []byte(to), 1)
			}
			return content
		}
	}
	for name, c := range map[string]struct{ path, want string }{
		"half a file":    {truncated, "is not a complete backup"},
		"another row":    {rewritten(only("tables/app_user.copy", "user0@", "user9@")), "the backup is damaged: table app_user"},
		"a later schema": {rewritten(only("manifest.json", `"schema": 2026`, `"schema": 2099`)), "knows schemas up to"},
		"another format": {rewritten(only("manifest.json", `"format": 1`, `"format": 2`)), "has format 2"},
		"no file":        {path + ".none", "no such file"},
	} {
		if err := restore(t, db, c.path, true); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	owner := db.Connect(t, "taskwire_owner", "")
	if _, err := owner.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (20990101000000, true)`); err != nil {
		t.Fatal(err)
	}
	if err := restore(t, db, path, true); err == nil || !strings.Contains(err.Error(), "the database has schema 20990101000000") {
		t.Errorf("a database of a later release: %v", err)
	}
	if got := dump(t, db); got != want {
		t.Error("a refused restore has changed something")
	}
}

func TestWrite_Refuses(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	path := write(t, db)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Write(t.Context(), db.URL("taskwire_backup"), path, "test", quiet); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("an existing file: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Error("the existing file has changed", err)
	}
	// A role that sees only its user's rows would make a backup without the others'.
	conn := db.Connect(t, "taskwire_owner", "")
	if _, err := conn.Exec(t.Context(), `DROP POLICY backup_read ON task`); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if _, err := backup.Write(t.Context(), db.URL("taskwire_backup"), filepath.Join(folder, "b.zip"), "test", quiet); err == nil || !strings.Contains(err.Error(), "does not see all rows of task:") {
		t.Errorf("hidden rows: %v", err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("a failed backup has left %v %v", left, err)
	}
}

// The role that makes backups changes nothing, and a new table must let it read.
func TestBackupRole_ReadsEverythingAndChangesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	fill(t, db)
	write(t, db) // fails for a table that the role cannot read
	conn := db.Connect(t, "taskwire_backup", "")
	for _, statement := range []string{
		`UPDATE task SET title = ''`, `DELETE FROM task_event`, `INSERT INTO user_stream (user_id) VALUES (gen_random_uuid())`,
		`UPDATE app_user SET role = 'admin'`, `TRUNCATE outbox`, `UPDATE backup_run SET bytes = 0`, `CREATE TABLE x ()`,
	} {
		if _, err := conn.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}
