package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/backup"
	"taskwire.dev/shared/version"
)

// stamp is the layout of the time in a scheduled backup's name, and scheduled matches those names: nothing else is deleted.
const stamp = "20060102T150405Z"

var scheduled = regexp.MustCompile(`^taskwire-\d{8}T\d{6}Z\.zip$`)

// unfinished matches what package backup calls a scheduled backup while it writes it. A process that is killed leaves that behind.
var unfinished = regexp.MustCompile(`^\.taskwire-\d{8}T\d{6}Z\.zip\.\d+$`)

// abandonedAfter is activeDeadlineSeconds of the CronJob: no scheduled backup runs for longer.
const abandonedAfter = 4 * time.Hour

func runBackup(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("backup", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	dir := flags.String("dir", "", "")
	keep := flags.Int("keep", 14, "")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp // flags has printed the error
	}
	if (*dir == "") != (flags.NArg() == 1) || flags.NArg() > 1 {
		return errors.New("want either FILE or --dir FOLDER")
	}
	if *keep < 1 {
		return fmt.Errorf("--keep is %d: at least the new backup stays", *keep)
	}
	url, err := databaseURL()
	if err != nil {
		return err
	}
	if *dir == "" {
		_, err := save(ctx, url, flags.Arg(0))
		return err
	}
	if err := removeAbandoned(*dir); err != nil {
		return err
	}
	path := filepath.Join(*dir, "taskwire-"+time.Now().UTC().Format(stamp)+".zip")
	m, err := save(ctx, url, path)
	if err != nil {
		return err
	}
	if err := prune(*dir, *keep); err != nil {
		return fmt.Errorf("the backup is complete, but older ones cannot be deleted: %w", err)
	}
	return record(ctx, url, path, m)
}

func save(ctx context.Context, url, path string) (backup.Manifest, error) {
	began := time.Now()
	m, err := backup.Write(ctx, url, path, release(), printStages())
	if err != nil {
		return m, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return m, err
	}
	fmt.Fprintf(os.Stderr, "%s: %s, %.1f MB, in %v\n", path, contents(m), float64(info.Size())/1e6, time.Since(began).Round(100*time.Millisecond))
	return m, nil
}

// removeAbandoned deletes what killed backups have left in a folder: it would take the room of the next ones, and ls does not show it.
func removeAbandoned(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !unfinished.MatchString(e.Name()) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if time.Since(info.ModTime()) < abandonedAfter {
			continue // one that somebody has started by hand may be writing it
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "deleted", e.Name(), "of a backup that was killed")
	}
	return nil
}

// prune deletes the oldest scheduled backups of a folder, except for keep.
func prune(dir string, keep int) error {
	entries, err := os.ReadDir(dir) // by name, which is by time
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return !scheduled.MatchString(e.Name()) })
	for len(entries) > keep {
		if err := os.Remove(filepath.Join(dir, entries[0].Name())); err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "deleted", entries[0].Name())
		entries = entries[1:]
	}
	return nil
}

// record notes a scheduled backup in the database, where outbox-relay reads its age.
func record(ctx context.Context, url, path string, m backup.Manifest) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `INSERT INTO backup_run (taken_at, bytes) VALUES ($1, $2)`, m.Taken, info.Size()); err != nil {
		return fmt.Errorf("the backup is complete, but not recorded: %w", err)
	}
	_, err = conn.Exec(ctx, `DELETE FROM backup_run WHERE taken_at < now() - interval '1 year'`)
	return err
}

// open opens a backup, reads it completely, and says what is in it.
func open(path string) (*backup.Backup, error) {
	b, err := backup.Open(path)
	if err != nil {
		return nil, err
	}
	if err := b.Verify(printStages()); err != nil {
		_ = b.Close()
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "%s: intact; %s, of %s, release %s, schema %d\n", path, contents(b.Manifest), b.Taken.Format(time.RFC3339), b.Release, b.Schema)
	return b, nil
}

func contents(m backup.Manifest) string {
	return fmt.Sprintf("%s, %s, %s", count(m.Rows("app_user"), "user"), count(m.Rows("task"), "task"), count(m.Rows("task_event"), "change"))
}

// release names the program that writes a backup. A laptop's runner says which commit it is (shared/version).
func release() string { return cmp.Or(os.Getenv("TASKWIRE_RELEASE"), version.Commit(), "unknown") }

// printStages prints each table's progress once a second.
func printStages() backup.Report {
	last := time.Now()
	return func(p backup.Progress) {
		if time.Since(last) < time.Second {
			return
		}
		last = time.Now()
		switch {
		case p.Table == "":
			fmt.Fprintf(os.Stderr, "%s %d of %d\n", p.Stage, p.Rows, p.Of)
		case p.Of > 0:
			fmt.Fprintf(os.Stderr, "%s %d of %d rows of %s\n", p.Stage, p.Rows, p.Of, p.Table)
		default:
			fmt.Fprintf(os.Stderr, "%s %d rows of %s\n", p.Stage, p.Rows, p.Table)
		}
	}
}
