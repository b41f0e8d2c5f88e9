// Command taskwire is for operators: occasional maintenance of a running Taskwire.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/outbox-relay/internal/republish"
	"taskwire.dev/shared/postgres"
)

const usage = `usage: taskwire COMMAND

  backup FILE
  backup --dir FOLDER [--keep 14]
      Writes a backup of the database to a new file, while the functions run. With --dir the file gets the time as its name, the
      oldest files beyond --keep are deleted afterwards, and the backup is recorded in the database for the alert on its age.

  restore FILE [--force] [--republish 24h]
      Replaces the contents of the database with a backup and migrates them. Functions must not run. Every user gets a new epoch, so
      that clients reload; Redis is emptied, which holds nothing but caches and limits; and the events of the last 24 hours before
      the backup are published again, since consumers may have been that far behind. Consumers that have handled them do nothing.
      Without --force a database that has data is refused.

  recovered --to TIME [--republish 24h]
      Does the same, except for the rows, after the database was put back to an earlier time in another way, such as point-in-time
      recovery. Stop the functions before that recovery, and run this before they start again.

  verify FILE [--server URL | --keys FILE]
      Reads a backup or an export completely, and says what is in it. Of an export it checks the signature, replays the events and
      compares the result with the tasks; it names what was changed, is missing or is in another order. With --server the key of
      the signature must be one of that Taskwire's; with --keys it must be in a file with its former keys.

  republish --since TIME|DURATION [--user ID|EMAIL]
      Publishes the events of the audit log again, from a moment on (2026-11-26T08:00:00Z, or 36h for the last 36 hours), with
      the ids that they had. Consumers that have handled one do nothing; those that missed it catch up. Reminders that were sent
      since and never became a notification are sent again, and so are notices about accounts. Use it after the broker lost data, and after a restore of the
      database. At most 14 days back.

Except for verify, DATABASE_URL names the database and its owner; for a backup the role taskwire_backup is enough. For a restore REDIS_URL names
Redis. Republished events need running functions, which do the publishing.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "taskwire:", err)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		fmt.Fprint(os.Stderr, usage)
		return flag.ErrHelp
	}
	commands := map[string]func(context.Context, []string) error{
		"backup": runBackup, "restore": runRestore, "recovered": runRecovered, "verify": runVerify, "republish": runRepublish,
	}
	command, ok := commands[args[0]]
	if !ok {
		return fmt.Errorf("unknown command %q\n\n%s", args[0], usage)
	}
	return command(ctx, args[1:])
}

func runRepublish(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("republish", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	from := flags.String("since", "", "")
	name := flags.String("user", "", "")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp // flags has printed the error
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	since, err := parseSince(*from, time.Now())
	if err != nil {
		return err
	}
	url, err := databaseURL()
	if err != nil {
		return err
	}
	pool, err := postgres.Open(ctx, postgres.Config{URL: url, MaxConns: 2})
	if err != nil {
		return err
	}
	defer pool.Close()
	r := republish.New(pool)
	only := uuid.Nil
	if *name != "" {
		if only, err = r.UserID(ctx, *name); err != nil {
			return err
		}
	}
	done, err := r.Since(ctx, since, only, printProgress())
	fmt.Fprintf(os.Stderr, "%s to be published again since %s\n", describe(done), since.UTC().Format(time.RFC3339))
	return err
}

func databaseURL() (string, error) {
	url := os.Getenv("DATABASE_URL")
	if url == "" {
		return "", errors.New("DATABASE_URL is not set: it names the database and a role")
	}
	return url, nil
}

// parseSince parses a time, or a duration before now.
func parseSince(s string, now time.Time) (time.Time, error) {
	var since time.Time
	if d, err := time.ParseDuration(s); err == nil {
		since = now.Add(-d)
	} else if since, err = time.Parse(time.RFC3339, s); err != nil {
		return since, fmt.Errorf("--since is %q: give a moment such as 2026-11-26T08:00:00Z or a duration such as 36h", s)
	}
	switch {
	case since.After(now):
		return since, fmt.Errorf("--since is %s, which is in the future", since.Format(time.RFC3339))
	case now.Sub(since) > republish.MaxAge:
		return since, fmt.Errorf("--since is more than %d days ago: consumers no longer remember those events, so they could take effect twice",
			int(republish.MaxAge.Hours()/24))
	}
	return since, nil
}

// printProgress prints the progress once a second.
func printProgress() func(republish.Done) {
	last := time.Now()
	return func(p republish.Done) {
		if time.Since(last) < time.Second {
			return
		}
		last = time.Now()
		fmt.Fprintln(os.Stderr, describe(p), "so far")
	}
}

func describe(p republish.Done) string {
	return fmt.Sprintf("%s, %s and %s of %s", count(p.Events, "event"), count(p.Reminders, "reminder"), count(p.Notices, "notice"), count(p.Users, "user"))
}

func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
