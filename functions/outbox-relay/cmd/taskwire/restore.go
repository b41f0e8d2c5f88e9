package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

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
	if *window < 0 || *window > republish.MaxAge {
		return fmt.Errorf("--republish is %v: consumers remember what they have handled for %v", *window, republish.MaxAge)
	}
	url, err := databaseURL()
	if err != nil {
		return err
	}
	cache := os.Getenv("REDIS_URL")
	if cache == "" {
		return errors.New("REDIS_URL is not set: caches in Redis would keep what is lost")
	}
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
	if err := clearCaches(ctx, cache); err != nil {
		return fmt.Errorf("the database is restored, but the caches in Redis are not cleared; restore again, or delete its keys: %w", err)
	}
	return republishSince(ctx, url, b.Taken.Add(-*window))
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

// clearCaches deletes the state of all sidecars, whose keys are "app||key": what functions have cached of changes that are lost
// would count as newer than what follows. Rate limits stay.
func clearCaches(ctx context.Context, url string) error {
	client, err := redis.Open(redis.Config{URL: url})
	if err != nil {
		return err
	}
	defer client.Close()
	deleted := 0
	all := client.Scan(ctx, 0, "*||*", 1000).Iterator()
	var keys []string
	flush := func() error {
		if len(keys) == 0 {
			return nil
		}
		err := client.Unlink(ctx, keys...).Err()
		deleted, keys = deleted+len(keys), nil
		return err
	}
	for all.Next(ctx) {
		if keys = append(keys, all.Val()); len(keys) == 500 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(all.Err(), flush()); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "deleted %d entries of caches in Redis\n", deleted)
	return nil
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
