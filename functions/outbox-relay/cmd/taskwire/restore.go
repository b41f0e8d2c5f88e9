package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"

	"taskwire.dev/functions/outbox-relay/internal/republish"
	"taskwire.dev/migrations/backup"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/redis"
)

func runRestore(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("restore", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	force := flags.Bool("force", false, "")
	window := flags.Duration("republish", 24*time.Hour, "")
	path, err := parseMixed(flags, args)
	if err != nil {
		return err
	}
	url, client, err := prepare(ctx, *window)
	if err != nil {
		return err
	}
	defer client.Close()
	b, err := open(path)
	if err != nil {
		return err
	}
	defer b.Close()
	began := time.Now()
	if err := b.Restore(ctx, url, *force, printStages()); err != nil {
		if errors.Is(err, backup.ErrNotEmpty) {
			return fmt.Errorf("%w. --force replaces it", err)
		}
		return err
	}
	fmt.Fprintf(os.Stderr, "restored in %v\n", time.Since(began).Round(100*time.Millisecond))
	if err := client.FlushDBAsync(ctx).Err(); err != nil {
		return fmt.Errorf("the database is restored, but Redis is not empty (FLUSHDB does it; then `taskwire republish` is left to do): %w", err)
	}
	return republishSince(ctx, url, b.Taken.Add(-*window))
}

// runRecovered does what a restore does beside the rows.
func runRecovered(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("recovered", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	to := flags.String("to", "", "")
	window := flags.Duration("republish", 24*time.Hour, "")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp // flags has printed the error
	}
	at, err := time.Parse(time.RFC3339, *to)
	if err != nil || at.After(time.Now()) {
		return fmt.Errorf("--to is %q: give the time that the database was put back to, such as 2026-11-26T08:00:00Z", *to)
	}
	url, client, err := prepare(ctx, *window)
	if err != nil {
		return err
	}
	defer client.Close()
	if err := backup.Renew(ctx, url); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "every user has a new epoch: open dashboards reload")
	if err := client.FlushDBAsync(ctx).Err(); err != nil {
		return fmt.Errorf("empty Redis (FLUSHDB does it too): %w", err)
	}
	return republishSince(ctx, url, at.Add(-*window))
}

// prepare checks everything that can be checked before something changes, and returns the address of the database and a connection
// to Redis. Redis is emptied at the end: what functions have cached of changes that are lost would count as newer than what follows.
func prepare(ctx context.Context, window time.Duration) (url string, client *goredis.Client, err error) {
	if window < 0 || window > republish.MaxAge {
		return "", nil, fmt.Errorf("--republish is %v: want 0 to %v, for as long as consumers remember what they have handled", window, republish.MaxAge)
	}
	if url, err = databaseURL(); err != nil {
		return "", nil, err
	}
	cache := os.Getenv("REDIS_URL")
	if cache == "" {
		return "", nil, errors.New("REDIS_URL is not set: caches in Redis would keep what is lost, so it is emptied")
	}
	if client, err = redis.Open(redis.Config{URL: cache}); err != nil {
		return "", nil, err
	}
	if err := client.Ping(ctx).Err(); err != nil {
		_ = client.Close()
		return "", nil, fmt.Errorf("connect to Redis: %w", err)
	}
	return url, client, nil
}

// parseMixed parses flags before and after the one argument, which it returns.
func parseMixed(flags *flag.FlagSet, args []string) (argument string, err error) {
	var rest []string
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return "", flag.ErrHelp // flags has printed the error
		}
		if args = flags.Args(); len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	if len(rest) != 1 {
		return "", errors.New("want one FILE")
	}
	return rest[0], nil
}

// republishSince puts the events since a time into the restored outbox: those that were published and not yet handled when the
// backup was made would otherwise never be, because the consumer groups' offsets are past them.
func republishSince(ctx context.Context, url string, since time.Time) error {
	// What is older is deleted from the inboxes when the functions start, so it could take effect twice.
	if oldest := time.Now().Add(-republish.MaxAge); since.Before(oldest) {
		since = oldest
	}
	pool, err := postgres.Open(ctx, postgres.Config{URL: url, MaxConns: 2})
	if err != nil {
		return err
	}
	defer pool.Close()
	done, err := republish.New(pool).Stopped().Since(ctx, since, uuid.Nil, printProgress())
	if err != nil {
		return fmt.Errorf("the database is restored, but not all events since %s are in the outbox (`taskwire republish` goes on): %w", since.Format(time.RFC3339), err)
	}
	fmt.Fprintf(os.Stderr, "%s to be published again since %s, when the functions run\n", describe(done), since.UTC().Format(time.RFC3339))
	return nil
}
