package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"taskwire.dev/e2e/bench/contender"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/tools/ports"
)

// pair is what both stacks did under the same load, one directly after the other.
type pair struct{ base, to contender.Sample }

// measure alternates slices of load between the two stacks. Whatever slows the machine down for longer than a slice meets both; each
// pair begins with the other stack than the pair before, so that neither always has the first turn.
func measure(ctx context.Context, o options, loads []load, base, to *stack.Stack) (pairs map[load][]pair, err error) {
	defer func() {
		ctx := context.WithoutCancel(ctx)
		err = errors.Join(err, base.Reset(ctx), to.Reset(ctx))
	}()
	pairs = map[load][]pair{}
	for done := 0; done < o.pairs; done += o.perStart {
		more, err := measureStart(ctx, o, loads, base, to, done)
		if err != nil {
			return nil, err
		}
		for l, measured := range more {
			pairs[l] = append(pairs[l], measured...)
		}
	}
	return pairs, nil
}

// measureStart starts both stacks, and measures the pairs until they are to be started afresh.
func measureStart(ctx context.Context, o options, loads []load, base, to *stack.Stack, done int) (map[load][]pair, error) {
	sides := make([]contender.Contender, 2)
	for i, s := range []*stack.Stack{base, to} {
		opened, err := start(ctx, s, o, o.ports+ports.Each*i, done > 0)
		if err != nil {
			return nil, err
		}
		defer func() { _ = opened.Close(ctx) }()
		sides[i] = opened
	}
	for _, s := range sides {
		if _, err := s.Slice(ctx, 0, o.slice); err != nil { // warms up
			return nil, err
		}
	}
	pairs := map[load][]pair{}
	for n := done; n < min(done+o.perStart, o.pairs); n++ {
		for _, l := range loads {
			var found [2]contender.Sample
			for turn := range found {
				i := (turn + n) % 2
				var err error
				if found[i], err = sides[i].Slice(ctx, int(l), o.slice); err != nil {
					return nil, err
				}
			}
			p := pair{base: found[0], to: found[1]}
			pairs[l] = append(pairs[l], p)
			fmt.Fprintf(os.Stderr, "pair %d of %d, %s: %s; %s\n", n+1, o.pairs, l, p.base, p.to)
		}
	}
	return pairs, nil
}
