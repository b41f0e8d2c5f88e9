// Command bench measures a separate stack: writes per second through the gateway, the latency of a write and of its
// event on open streams, CPU and memory, and the cost of an idle stream. `make bench` runs it; it prints tables and
// writes docs/benchmarks.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/document"
	"taskwire.dev/e2e/load"
	"taskwire.dev/e2e/machine"
	"taskwire.dev/e2e/stack"
)

type options struct {
	only        string
	users       int
	connections int
	streams     int
	scale       float64
	warmUp      time.Duration
	profile     string
	base        int
	up          bool
	keep        bool
	fresh       bool
	output      string
	upArgs      string
	direct      bool
	recurring   int
	due         int
}

func parse() options {
	var o options
	flag.StringVar(&o.only, "only", "100,1000,flat,backlog,recurrence,reminders,idle", "which measurements: 100, 1000, flat, backlog, recurrence, reminders, idle, or any other rate")
	flag.IntVar(&o.users, "users", 125, "users, each with an open stream")
	flag.IntVar(&o.connections, "connections", 64, "connections that write")
	flag.IntVar(&o.streams, "streams", 5000, "idle streams")
	flag.Float64Var(&o.scale, "scale", 1, "fraction of the usual time for each measurement; lower it while developing")
	flag.DurationVar(&o.warmUp, "warm-up", 5*time.Second, "before each measurement of writes")
	flag.StringVar(&o.profile, "profile", "bench", "the stack to measure")
	flag.IntVar(&o.base, "base", 0, "first port of that stack; 0 for the profile's default")
	flag.BoolVar(&o.up, "up", true, "start the stack; if false, it must be running")
	flag.BoolVar(&o.fresh, "fresh", true, "delete the data of earlier runs first")
	flag.BoolVar(&o.keep, "keep", false, "leave the stack running")
	flag.StringVar(&o.output, "o", filepath.Join("docs", "benchmarks.md"), "the document to write the results to, from the repository's root; empty for none")
	flag.StringVar(&o.upArgs, "up-args", "", "further arguments for starting the stack")
	flag.IntVar(&o.recurring, "recurring", 10_000, "completions of recurring tasks")
	flag.IntVar(&o.due, "due", 100_000, "reminders that are due at once")
	flag.BoolVar(&o.direct, "direct", false, "write to the tasks function itself, past the front door, and without streams: to see what those cost")
	flag.Parse()
	return o
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, parse()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if err := raiseOpenFiles(uint64(2*o.streams + 1000)); err != nil {
		return err
	}
	s, err := stack.Open(o.profile)
	if err != nil {
		return err
	}
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
	r := report{Machine: machine.Describe(ctx, s.Root(), b.db), options: o}
	if r.Memory.Idle, err = s.Usages(ctx); err != nil {
		return err
	}
	for _, p := range phases(o) {
		if p.Name == "idle" {
			fmt.Fprintf(os.Stderr, "Opening %d idle streams\n", o.streams)
			found, err := b.idleStreams(ctx, o.streams)
			if err != nil {
				return err
			}
			r.Idle = &found
			continue
		}
		if p.Name == "recurrence" {
			fmt.Fprintf(os.Stderr, "Completing %d recurring tasks\n", o.recurring)
			found, err := b.recurrences(ctx, o.recurring)
			if err != nil {
				return err
			}
			r.Recurrence = &found
			continue
		}
		if p.Name == "backlog" {
			fmt.Fprintln(os.Stderr, "Having one user's import wait for its sidecar")
			found, err := b.backlogged(ctx)
			if err != nil {
				return err
			}
			r.Backlog = &found
			continue
		}
		if p.Name == "reminders" {
			fmt.Fprintf(os.Stderr, "Having %d reminders due\n", o.due)
			found, err := b.remind(ctx, o.due)
			if err != nil {
				return err
			}
			r.Reminders = &found
			continue
		}
		fmt.Fprintf(os.Stderr, "Measuring %s for %v, after %v of warming up\n", p.Name, p.Duration, o.warmUp)
		m, err := b.run(ctx, p)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		r.Phases = append(r.Phases, m)
		fmt.Println(m.line())
	}
	fmt.Println("\n" + r.markdown())
	if o.output == "" {
		return nil
	}
	return document.Write(filepath.Join(s.Root(), o.output), "make bench", r.markdown())
}

func start(ctx context.Context, s *stack.Stack, o options) error {
	if o.fresh {
		if err := s.Reset(ctx); err != nil {
			return err
		}
	}
	args := []string{"--no-demo"}
	if o.base != 0 {
		args = append(args, "--base", fmt.Sprint(o.base))
	}
	return s.Up(ctx, append(args, strings.Fields(o.upArgs)...)...)
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
	tokens, err := register(ctx, accounts, o.users)
	if err != nil {
		return nil, err
	}
	address := strings.Replace(strings.TrimPrefix(front, "http://"), "localhost", "127.0.0.1", 1)
	return &bench{stack: s, db: db, address: address, tokens: tokens, warmUp: o.warmUp, deaf: o.direct}, nil
}

// register creates the users, two at a time: hashing passwords is expensive on purpose.
func register(ctx context.Context, url string, n int) ([]string, error) {
	c := client.New(url, http.DefaultTransport)
	tokens := make([]string, n)
	errs := make([]error, 2)
	var group sync.WaitGroup
	for lane := range errs {
		group.Go(func() {
			for i := lane; i < n && errs[lane] == nil; i += len(errs) {
				var users []*load.User
				if users, errs[lane] = load.Register(ctx, c, 1); errs[lane] == nil {
					tokens[i] = users[0].Token
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return tokens, nil
}

func phases(o options) []phase {
	var all []phase
	for name := range strings.SplitSeq(o.only, ",") {
		p := phase{Name: name, Connections: o.connections}
		seconds := 60.0
		switch name {
		case "idle", "backlog", "recurrence", "reminders":
		case "flat":
			p.Name, seconds = "flat out", 20
		default:
			if _, err := fmt.Sscan(name, &p.Rate); err != nil || p.Rate <= 0 {
				fmt.Fprintf(os.Stderr, "bench: -only %q: want rates, flat or idle\n", name)
				os.Exit(2)
			}
			p.Name += "/s"
			if p.Rate <= 100 {
				seconds = 30
			}
		}
		p.Duration = time.Duration(seconds * o.scale * float64(time.Second))
		all = append(all, p)
	}
	return all
}
