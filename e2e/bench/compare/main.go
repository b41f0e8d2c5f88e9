// Command compare measures two commits against each other: it starts both stacks side by side, alternates short slices of load between
// them, and exits with 1 if the second one has lost more than noise explains. `make bench-check BASE=<commit>` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"taskwire.dev/e2e/stack"
	"taskwire.dev/e2e/worktree"
	"taskwire.dev/tools/ports"
)

type options struct {
	base, to    string
	pairs       int
	perStart    int
	slice       time.Duration
	loads       string
	users       int
	connections int
	tolerance   float64
	ports       int
}

func parse() options {
	var o options
	flag.StringVar(&o.base, "base", "", "the commit to compare with")
	flag.StringVar(&o.to, "to", "", "the commit that may not be worse; empty for the working tree, with what is not committed")
	flag.IntVar(&o.pairs, "pairs", 10, fmt.Sprintf("pairs of slices for each load, at least %d", minPairs))
	flag.IntVar(&o.perStart, "per-start", 5, "pairs after which both stacks are started afresh, since the same code can differ from one start to the next")
	flag.DurationVar(&o.slice, "slice", 6*time.Second, "how long one stack is under load before the other's turn")
	flag.StringVar(&o.loads, "loads", "flat,100", "what to compare under: flat, or a number of writes a second")
	flag.IntVar(&o.users, "users", 64, "users of each stack, each with an open stream")
	flag.IntVar(&o.connections, "connections", 64, "connections that write")
	flag.Float64Var(&o.tolerance, "tolerance", 0.02, "the loss that does not matter, as a fraction")
	flag.IntVar(&o.ports, "ports", ports.Base("bench-base"), "first of the two thousand ports of the two stacks")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), `compare measures two commits against each other, both on this machine and in turns, and exits with 1 on a loss.
With the defaults it takes about eight minutes, and as long again the first time, to build the other commit.

`)
		flag.PrintDefaults()
	}
	flag.Parse()
	return o
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, parse()); err != nil {
		fmt.Fprintln(os.Stderr, "bench-check:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	loads, err := parseLoads(o.loads)
	if err != nil {
		return err
	}
	if o.base == "" {
		return errors.New("no commit to compare with: BASE=<commit>")
	}
	if o.pairs < minPairs || o.perStart < 1 {
		return fmt.Errorf("-pairs %d -per-start %d: want at least %d and 1", o.pairs, o.perStart, minPairs)
	}
	base, to, err := open(ctx, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s stays, so that the next run builds less; `git worktree remove` deletes it\n", base.Root())
	samples, err := measure(ctx, o, loads, base, to)
	if err != nil {
		return err
	}
	lost := 0
	for _, l := range loads {
		c := compare(samples[l], o.tolerance)
		fmt.Printf("\n%s, %d pairs\n\n%s\n%s", l, len(samples[l]), c, processes(samples[l]))
		lost += c.losses()
	}
	if lost > 0 {
		return fmt.Errorf("%d of the figures above are worse than at %s, beyond noise and more than %.0f %%", lost, o.base, 100*o.tolerance)
	}
	return nil
}

// open builds the runners of both commits.
func open(ctx context.Context, o options) (base, to *stack.Stack, err error) {
	here, err := stack.Open("bench-to")
	if err != nil {
		return nil, nil, err
	}
	tree, err := worktree.CheckOut(ctx, here.Root(), o.base)
	if err != nil {
		return nil, nil, err
	}
	if base, err = stack.In(tree, "bench-base"); err != nil {
		return nil, nil, err
	}
	if o.to == "" {
		return base, here, nil
	}
	if tree, err = worktree.CheckOut(ctx, here.Root(), o.to); err != nil {
		return nil, nil, err
	}
	to, err = stack.In(tree, "bench-to")
	return base, to, err
}

// load is a number of writes a second, or 0 for as many as possible.
type load int

func (l load) String() string {
	if l == 0 {
		return "Flat out"
	}
	return fmt.Sprintf("%d writes/s", int(l))
}

func parseLoads(text string) (loads []load, err error) {
	for name := range strings.SplitSeq(text, ",") {
		var l load
		if name != "flat" {
			if _, err := fmt.Sscan(name, &l); err != nil || l <= 0 {
				return nil, fmt.Errorf("-loads %q: want flat, or a number of writes a second", name)
			}
		}
		loads = append(loads, l)
	}
	return loads, nil
}
