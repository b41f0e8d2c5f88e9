package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

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
