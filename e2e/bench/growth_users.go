package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"taskwire.dev/e2e/bench/contender"
)

// growUsers measures writes flat out of an eighth, a quarter, a half and all of the users, twice, in turns.
func (b *bench) growUsers(ctx context.Context, o options) ([]curve, error) {
	cost := curve{Of: "users", Figure: "CPU per write, flat out, in µs", Meaning: "each further user adds %s µs to a write", Per: 1}
	rate := curve{Of: "users", Figure: "writes/s, flat out", Meaning: "each further user adds %s writes/s", Per: 1}
	for range 2 {
		for _, share := range []int{8, 4, 2, 1} {
			tokens := b.tokens[:max(1, len(b.tokens)/share)]
			found, err := b.flatOut(ctx, o, tokens)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(os.Stderr, "  %d users: %s\n", len(tokens), found)
			n := float64(len(tokens))
			cost.Points = append(cost.Points, point{n, float64(found.Total) / float64(time.Microsecond)})
			rate.Points = append(rate.Points, point{n, found.Rate})
		}
	}
	return []curve{cost, rate}, nil
}

// flatOut has some users write as fast as they can.
func (b *bench) flatOut(ctx context.Context, o options, tokens []string) (found contender.Sample, err error) {
	own, err := contender.OpenTaskwire(ctx, b.stack, tokens)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, own.Close(ctx)) }()
	if err := own.Connect(len(tokens), o.connections, 0); err != nil {
		return found, err
	}
	return own.Slice(ctx, 0, o.scaled(6))
}
