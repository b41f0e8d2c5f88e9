// Command bench measures a separate stack: writes per second through the gateway, the latency of a write and of its event on open
// streams, CPU and memory, what it costs to grow, and other systems beside it. `make bench` runs it; it prints tables and writes
// docs/benchmarks.md.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/bench/generator"
	"taskwire.dev/e2e/document"
	"taskwire.dev/e2e/machine"
	"taskwire.dev/e2e/stack"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, parse()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// otherFiles are the open files of a process besides its streams: the gateway's connections to functions and sidecars, or those that
// write.
const otherFiles = 500

func run(ctx context.Context, o options) error {
	chosen, err := choose(o)
	if err != nil {
		return err
	}
	limit, err := generator.RaiseOpenFiles(uint64(o.streams + otherFiles))
	if err != nil {
		return err
	}
	if most := int(limit) - otherFiles; o.streams > most {
		fmt.Fprintf(os.Stderr, "%d streams instead of %d: a process may have %d open files here (ulimit -Hn)\n", most, o.streams, limit)
		o.streams = most
	}
	s, err := stack.Open(o.profile)
	if err != nil {
		return err
	}
	begun := time.Now()
	if o.up {
		if err := start(ctx, s, o); err != nil {
			return err
		}
	}
	if o.up && !o.keep {
		defer func() { _ = s.Down(context.WithoutCancel(ctx)) }()
	}
	b, err := open(ctx, s, o)
	if err != nil {
		return err
	}
	defer b.db.Close()
	r := &report{Machine: machine.Describe(ctx, s.Root(), b.db), options: o}
	if r.Memory.Idle, err = s.Usages(ctx); err != nil {
		return err
	}
	for _, m := range chosen {
		fmt.Fprintf(os.Stderr, "%s: %s\n", time.Since(begun).Round(time.Second), m.doing)
		if b.tokens, err = b.users.Tokens(ctx); err != nil {
			return err
		}
		if err := m.run(ctx, b, o, r); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	r.Took = time.Since(begun)
	fmt.Println("\n" + r.markdown())
	if o.output == "" {
		return nil
	}
	return document.Write(filepath.Join(s.Root(), o.output), "make bench", r.markdown())
}

// unlimited lifts the limits of the gateway for one user, which protect it from one party: here one user stands for many.
var unlimited = []string{
	"--env", "gateway:STREAM_MAX_PER_USER=50000", "--env", "gateway:STREAM_MAX_TOTAL=50000",
	"--env", "gateway:RATE_LIMIT_PER_SECOND=100000", "--env", "gateway:RATE_LIMIT_BURST=100000",
}

func start(ctx context.Context, s *stack.Stack, o options) error {
	if o.fresh {
		if err := s.Reset(ctx); err != nil {
			return err
		}
	}
	return s.Up(ctx, upArgs(o)...)
}

func upArgs(o options) []string {
	return slices.Concat([]string{"--no-demo"}, unlimited, stack.At(o.base), strings.Fields(o.upArgs))
}

func open(ctx context.Context, s *stack.Stack, o options) (*bench, error) {
	values, err := s.Values(ctx)
	if err != nil {
		return nil, err
	}
	db, err := pgxpool.New(ctx, values.Database["owner"])
	if err != nil {
		return nil, err
	}
	accounts, front := values.GatewayURL, values.GatewayURL
	if o.direct {
		accounts, front = values.Functions["auth"].URL, values.Functions["tasks"].URL
	}
	fmt.Fprintf(os.Stderr, "Registering %d users\n", o.users)
	users, err := generator.Register(ctx, accounts, o.users)
	if err != nil {
		return nil, err
	}
	return &bench{stack: s, db: db, address: generator.Address(front), users: users, warmUp: o.warmUp, deaf: o.direct}, nil
}
