// Command upgrade tries an upgrade with the real functions of two versions on one database and one broker: the earlier version under
// load, both together, this version alone, the earlier one again on the new schema, and this one again. It fails if a change that
// was acknowledged is missing, a completed recurring task has not exactly one successor, the tasks differ from the audit log, or
// an event became a dead letter. `make upgrade-test FROM=<commit>` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"taskwire.dev/e2e/stack"
	"taskwire.dev/e2e/worktree"
	"taskwire.dev/tools/ports"
)

type options struct {
	from  string
	base  int
	phase time.Duration
	rate  int
}

func main() {
	var o options
	flag.StringVar(&o.from, "from", "", "the commit or tag of the earlier version")
	flag.IntVar(&o.base, "base", ports.Base("upgrade-before"), "first of the two thousand ports of the two stacks")
	flag.DurationVar(&o.phase, "phase", 10*time.Second, "how long each phase is under load")
	flag.IntVar(&o.rate, "rate", 50, "writes a second")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "upgrade:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if o.from == "" {
		return errors.New("-from is not set: it is the commit or tag of the earlier version")
	}
	now, err := stack.Open("upgrade-after")
	if err != nil {
		return err
	}
	tree, err := worktree.CheckOut(ctx, now.Root(), o.from)
	if err != nil {
		return err
	}
	before, err := stack.In(tree, "upgrade-before")
	if err != nil {
		return err
	}
	// The earlier version has the servers.
	if err := before.Reset(ctx); err != nil {
		return err
	}
	defer func() {
		ctx := context.WithoutCancel(ctx)
		err = errors.Join(err, now.Reset(ctx), before.Reset(ctx))
	}()
	if err := before.Up(ctx, "--base", fmt.Sprint(o.base), "--no-demo"); err != nil {
		return err
	}
	w, err := newWorld(ctx, before, o.rate)
	if err != nil {
		return err
	}
	defer w.close()
	if err := shareServers(now, w.before, tree); err != nil {
		return err
	}
	phases := []struct {
		name    string
		prepare func() error
		to      []version
	}{
		{"the earlier version", func() error { return nil }, []version{earlier}},
		{"both, while this version migrates and starts", func() error {
			return w.underLoad([]version{earlier}, func() error { return now.Up(ctx, "--base", fmt.Sprint(o.base+ports.Each), "--no-demo") })
		}, []version{earlier, later}},
		{"this version", func() error { return w.underLoad([]version{later}, func() error { return before.HoldAll(ctx) }) }, []version{later}},
		{"the earlier version again, on the new schema", func() error {
			return errors.Join(before.ReleaseAll(ctx), w.underLoad([]version{earlier}, func() error { return now.HoldAll(ctx) }))
		}, []version{earlier}},
		{"this version again", func() error {
			return errors.Join(now.ReleaseAll(ctx), w.underLoad([]version{later}, func() error { return before.HoldAll(ctx) }))
		}, []version{later}},
	}
	for i, p := range phases {
		if err := p.prepare(); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if i == 1 {
			if err := w.connect(ctx, now); err != nil {
				return err
			}
		}
		if err := w.underLoad(p.to, func() error { return pause(ctx, o.phase) }); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		fmt.Printf("%-50s %6d changes, %3d failed, the slowest took %v\n", p.name, w.written.Swap(0), w.failed.Swap(0), time.Duration(w.slowest.Swap(0)).Round(time.Millisecond))
	}
	fmt.Fprintf(os.Stderr, "%s stays, so that the next run builds less; `git worktree remove` deletes it\n", tree)
	return w.verify(ctx, now)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// shareServers makes this version use the servers of the earlier one, with the same passwords and the same signing key.
func shareServers(now *stack.Stack, before stack.Values, tree string) error {
	secrets := filepath.Join(now.Root(), ".local", now.Profile(), "secrets")
	if err := os.MkdirAll(secrets, 0o700); err != nil {
		return err
	}
	for name, path := range before.SecretFiles {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(secrets, name), content, 0o600); err != nil {
			return err
		}
	}
	for name, value := range map[string]string{
		"DATABASE_URL": before.Database["owner"], "REDIS_URL": before.RedisURL, "KAFKA_BROKERS": before.KafkaBrokers,
	} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}
