// Command run runs random histories and random faults on a separate stack, and checks what README promises. `make chaos
// SEEDS=3 MINUTES=10` runs it; a seed reproduces its faults and its random choices.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"taskwire.dev/e2e/chaos/engine"
	"taskwire.dev/e2e/chaos/fault"
	"taskwire.dev/e2e/chaos/verdict"
	"taskwire.dev/e2e/stack"
)

type options struct {
	seeds   int
	seed    uint64
	minutes float64
	rate    int
	users   int
	streams int
	profile string
	base    int
	upArgs  string
	up      bool
	copies  int
	keep    bool
	only    string
}

func main() {
	var o options
	flag.IntVar(&o.seeds, "seeds", 1, "how many runs, one after the other")
	flag.Uint64Var(&o.seed, "seed", 1, "the first seed; the next ones follow")
	flag.Float64Var(&o.minutes, "minutes", 2, "of each run")
	flag.IntVar(&o.rate, "rate", 120, "changes a second")
	flag.IntVar(&o.users, "users", 50, "users")
	flag.IntVar(&o.streams, "streams", 2, "streams of each user")
	flag.StringVar(&o.profile, "profile", "chaos", "the stack")
	flag.IntVar(&o.base, "base", 0, "first port of that stack; 0 for the profile's default")
	flag.StringVar(&o.upArgs, "up-args", "", "further arguments for starting the stack")
	flag.BoolVar(&o.up, "up", true, "start the stack, without the data of an earlier run; else it must run")
	flag.IntVar(&o.copies, "copies", 2, "of every function, and a proxy between all parts; 0 for one of each and no proxy")
	flag.BoolVar(&o.keep, "keep", false, "leave the stack running")
	flag.StringVar(&o.only, "only", "", "only faults whose description has one of these words, separated by commas")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if o.seeds < 1 {
		return fmt.Errorf("-seeds is %d; there must be at least one storm", o.seeds)
	}
	kinds, err := fault.Matching(o.only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	s, err := stack.Open(o.profile)
	if err != nil {
		return err
	}
	inject := &fault.Injector{Stack: s, Up: slices.Concat([]string{"--no-demo", "--tags", "failpoint"}, stack.At(o.base), strings.Fields(o.upArgs))}
	if o.up {
		if err := s.Reset(ctx); err != nil {
			return err
		}
	}
	if inject.Disks, err = fault.Mount(s); err != nil {
		return err
	}
	if !o.keep {
		defer inject.Disks.Unmount()
		defer func() { _ = s.Reset(context.WithoutCancel(ctx)) }()
	}
	if o.copies > 0 {
		links, err := s.Links(ctx, append(stack.At(o.base), "--copies", fmt.Sprint(o.copies))...)
		if err != nil {
			return err
		}
		if inject.Net, err = fault.Open(links); err != nil {
			return err
		}
		defer inject.Net.Close()
		inject.Up = append(inject.Up, "--proxied", "--copies", fmt.Sprint(o.copies))
	}
	if _, err := inject.Can(kinds); err != nil {
		return err
	}
	if o.up {
		if err := s.Up(ctx, inject.Up...); err != nil {
			return err
		}
	}
	inject.Up = append(inject.Up, "--built")
	if inject.Values, err = s.Values(ctx); err != nil {
		return err
	}
	var results []*engine.Result
	broken := 0
	for i := range o.seeds {
		start := time.Now()
		result, err := engine.Run(ctx, inject, engine.Options{
			Seed: o.seed + uint64(i), Rate: o.rate, Users: o.users, Streams: o.streams, Kinds: kinds,
			Duration: time.Duration(o.minutes * float64(time.Minute)), Calm: 2 * time.Second, RecoveryTimeout: 90 * time.Second,
			Say: func(format string, args ...any) {
				fmt.Fprintf(os.Stderr, "%s  %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
			},
		})
		if result != nil {
			results = append(results, result)
			report(result.Violations())
			broken += len(result.Violations())
		}
		if err != nil {
			return fmt.Errorf("seed %d: %w", o.seed+uint64(i), err)
		}
		fmt.Fprintf(os.Stderr, "seed %d took %s\n", o.seed+uint64(i), time.Since(start).Round(time.Second))
	}
	fmt.Println("\n" + engine.Table(results))
	if broken > 0 {
		return fmt.Errorf("%d violations; repeat with SEED=%d", broken, o.seed)
	}
	return nil
}

// report prints the first violations of each kind: one bug may break the same promise a thousand times.
func report(violations []verdict.Violation) {
	printed := map[verdict.Kind]int{}
	for _, v := range violations {
		if printed[v.Kind]++; printed[v.Kind] <= maxPrinted {
			fmt.Println("VIOLATION", v)
		}
	}
	for kind, n := range printed {
		if n > maxPrinted {
			fmt.Printf("and %d more of kind %s\n", n-maxPrinted, kind)
		}
	}
}

// maxPrinted is how many violations of a kind are printed.
const maxPrinted = 30
