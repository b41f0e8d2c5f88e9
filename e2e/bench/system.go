package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"taskwire.dev/e2e/stack"
)

// idleSystem is what the whole system costs while nobody uses it.
type idleSystem struct {
	Cores        float64
	Proportional int64 // bytes, each shared page counted once
	Processes    int
}

// idleSystem watches the system, some time after it was used.
func (b *bench) idleSystem(ctx context.Context, o options) (out idleSystem, err error) {
	if err := sleep(ctx, o.scaled(10)); err != nil {
		return out, err
	}
	before, err := b.stack.Usages(ctx)
	if err != nil {
		return out, err
	}
	begun := time.Now()
	if err := sleep(ctx, o.scaled(20)); err != nil {
		return out, err
	}
	after, err := b.stack.Usages(ctx)
	if err != nil {
		return out, err
	}
	elapsed := time.Since(begun)
	for _, used := range stack.CPU(before, after) {
		out.Cores += used.Seconds() / elapsed.Seconds()
	}
	out.Proportional, out.Processes, err = b.stack.Proportional(ctx)
	return out, err
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func (s *idleSystem) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n### The idle system\n\nPostgreSQL, Redis, the broker, all functions and their sidecars, %d processes, while nobody uses them: **%.3f cores** and **%.0f MB** "+
		"of proportional memory (a page that processes share counts once).\n", s.Processes, s.Cores, megabytes(s.Proportional))
}
