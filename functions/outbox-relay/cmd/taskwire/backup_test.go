package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"taskwire.dev/migrations/backup"
	"taskwire.dev/migrations/pgtest"
)

// A scheduled backup gets the time as its name and a row in the database, and replaces the oldest one beyond --keep. Files with other
// names stay.
func TestScheduledBackup_KeepsTheNewest(t *testing.T) {
	db := pgtest.New(t)
	t.Setenv("DATABASE_URL", db.URL("taskwire_backup"))
	dir := t.TempDir()
	for _, name := range []string{"taskwire-20260101T000000Z.zip", "taskwire-20260102T000000Z.zip", "by-hand.zip", "taskwire-20260101T000000Z.zip.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(t.Context(), []string{"backup", "--dir", dir, "--keep", "2"}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	made := ""
	for _, e := range entries {
		if e.Name() > "taskwire-20260102T000000Z.zip" {
			made = e.Name()
		} else {
			names = append(names, e.Name())
		}
	}
	if want := []string{"by-hand.zip", "taskwire-20260101T000000Z.zip.txt", "taskwire-20260102T000000Z.zip"}; !slices.Equal(names, want) || !scheduled.MatchString(made) {
		t.Errorf("left %q and %q, want %q and the new one", names, made, want)
	}
	var rows int
	if err := db.Connect(t, "taskwire_owner", "").QueryRow(t.Context(), `SELECT count(*) FROM backup_run WHERE bytes > 0 AND taken_at > now() - interval '1 minute'`).Scan(&rows); err != nil || rows != 1 {
		t.Errorf("%d rows: %v", rows, err)
	}
	if err := run(t.Context(), []string{"verify", filepath.Join(dir, made)}); err != nil {
		t.Error(err)
	}
}

// A backup that is killed leaves what it has written; the next scheduled one deletes it, unless it may still be written.
func TestScheduledBackup_RemovesWhatAKilledOneLeft(t *testing.T) {
	db := pgtest.New(t)
	t.Setenv("DATABASE_URL", db.URL("taskwire_backup"))
	dir := t.TempDir()
	const killed, running, foreign = ".taskwire-20260101T022000Z.zip.123", ".taskwire-20260102T022000Z.zip.456", ".by-hand.zip.789"
	for name, age := range map[string]time.Duration{killed: 5 * time.Hour, running: time.Minute, foreign: 5 * time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(t.Context(), []string{"backup", "--dir", dir}); err != nil {
		t.Fatal(err)
	}
	hidden, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{filepath.Join(dir, foreign), filepath.Join(dir, running)}; !slices.Equal(hidden, want) {
		t.Errorf("left %q, want %q", hidden, want)
	}
}

// What is deleted is what package backup calls its file meanwhile.
func TestUnfinished_IsWhatABackupIsCalled(t *testing.T) {
	db := pgtest.New(t)
	const user = `INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES (gen_random_uuid(), 'ada@example.com', 'Ada', 'x', now())` // progress is of rows
	if _, err := db.Connect(t, "taskwire_owner", "").Exec(t.Context(), user); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	seen := false
	report := func(backup.Progress) {
		hidden, err := os.ReadDir(dir)
		seen = err == nil && len(hidden) == 1 && unfinished.MatchString(hidden[0].Name())
	}
	path := filepath.Join(dir, "taskwire-"+time.Now().UTC().Format(stamp)+".zip")
	if _, err := backup.Write(t.Context(), db.URL("taskwire_backup"), path, "", report); err != nil {
		t.Fatal(err)
	}
	if !seen {
		t.Error("its name is not recognized")
	}
}

func TestArguments_AreChecked(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
	t.Setenv("REDIS_URL", "")
	for _, args := range [][]string{
		{"backup"},
		{"backup", "a", "b"},
		{"backup", "--dir", "d", "a"},
		{"backup", "--dir", "d", "--keep", "0"},
		{"restore"},
		{"restore", "a", "b"},
		{"restore", "a", "--republish", "500h"},
		{"restore", "a", "--force"}, // without Redis
		{"recovered", "--to", "yesterday"},
		{"recovered", "--to", "2026-11-26T08:00:00Z"}, // without Redis
		{"verify"},
		{"nothing"},
	} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("%q was accepted", args)
		}
	}
}
