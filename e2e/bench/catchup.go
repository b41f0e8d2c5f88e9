package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"taskwire.dev/e2e/stack"
)

// catchUp is how fast the events of all users were published that had waited while the broker could not be reached.
type catchUp struct {
	Rows  int
	Drain time.Duration
	CPU   time.Duration // of all processes
}

func (c *catchUp) rate() float64 { return float64(c.Rows) / c.Drain.Seconds() }

// catchUp keeps the publishers from the broker while all users import tasks, and then lets them publish.
func (b *bench) catchUp(ctx context.Context, o options) (out catchUp, err error) {
	if err := b.outboxEmpty(ctx); err != nil {
		return out, err
	}
	publishers := []string{stack.Sidecar("tasks"), stack.Sidecar("outbox-relay")}
	for _, sidecar := range publishers {
		if err := b.stack.Hold(ctx, sidecar); err != nil {
			return out, err
		}
	}
	var group errgroup.Group
	group.SetLimit(8)
	for _, token := range b.tokens {
		group.Go(func() error { return b.importTasks(ctx, token, o.waiting/2/len(b.tokens), importedTitle) }) // each is two rows
	}
	if err := group.Wait(); err != nil {
		return out, err
	}
	for _, sidecar := range publishers {
		if err := b.stack.Release(ctx, sidecar); err != nil {
			return out, err
		}
	}
	// The publishers try again at intervals: time and rows count from when the first row has gone.
	var first int64
	if err := b.db.QueryRow(ctx, `SELECT min(id) FROM outbox`).Scan(&first); err != nil {
		return out, err
	}
	if err := b.untilCount(ctx, `SELECT count(*) FROM outbox WHERE id = $1`, 0, first); err != nil {
		return out, err
	}
	before, err := b.stack.Usages(ctx)
	if err != nil {
		return out, err
	}
	begun := time.Now()
	if err := b.db.QueryRow(ctx, `SELECT count(*) FROM outbox`).Scan(&out.Rows); err != nil {
		return out, err
	}
	if err := b.outboxEmpty(ctx); err != nil {
		return out, err
	}
	out.Drain = time.Since(begun)
	after, err := b.stack.Usages(ctx)
	if err != nil {
		return out, err
	}
	for _, used := range stack.CPU(before, after) {
		out.CPU += used
	}
	return out, nil
}

func (c *catchUp) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n### Catching up\n\n%d events of all users were waiting in the outbox. They were published in %.1f s, **%.0f/s**, with %.0f µs of CPU time each, of all processes.\n",
		c.Rows, c.Drain.Seconds(), c.rate(), float64(c.CPU.Microseconds())/float64(c.Rows))
}
