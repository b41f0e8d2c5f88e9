// Command security runs every known attack against a stack while another user works, and reports how that user was affected:
// `make security`. Its tests run short versions as part of `make test`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"taskwire.dev/e2e/document"
	"taskwire.dev/e2e/spec"
	"taskwire.dev/e2e/stack"
)

type options struct {
	only    string
	profile string
	base    int
	up      bool
	keep    bool
	matrix  bool
	short   bool
	output  string
}

func parse() options {
	var o options
	flag.StringVar(&o.only, "only", "", "a regular expression that selects attacks by name")
	flag.StringVar(&o.profile, "profile", "security", "the stack to attack")
	flag.IntVar(&o.base, "base", 0, "first port of that stack; 0 for the profile's default")
	flag.BoolVar(&o.up, "up", true, "start the stack; if false, it must be running")
	flag.BoolVar(&o.keep, "keep", false, "leave the stack running")
	flag.BoolVar(&o.matrix, "matrix", true, "also try every operation with every credential")
	flag.BoolVar(&o.short, "short", false, "run the short versions, as make test does")
	flag.StringVar(&o.output, "o", filepath.Join("docs", "security.md"), "the document to write the table to, from the repository's root; empty for none")
	flag.Parse()
	return o
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, parse()); err != nil {
		fmt.Fprintln(os.Stderr, "security:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	chosen, err := choose(o.only)
	if err != nil {
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
		if !o.keep {
			defer func() { _ = s.Down(context.WithoutCancel(ctx)) }()
		}
	}
	b, err := open(ctx, s, !o.short)
	if err != nil {
		return err
	}
	r := report{commit: commit(ctx, s.Root()), began: time.Now(), whole: o.only == "" && !o.short}
	for i, at := range attacks {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !chosen[i] {
			continue
		}
		f := b.fight(ctx, i, at)
		fmt.Fprintln(os.Stderr, f.line())
		r.fights = append(r.fights, f)
	}
	if o.matrix {
		r.matrix, err = b.matrix(ctx)
	}
	fmt.Println("\n" + r.markdown())
	if o.output != "" {
		err = errors.Join(err, document.Write(filepath.Join(s.Root(), o.output), "make security", r.markdown()))
	}
	return errors.Join(err, r.verdict())
}

// choose returns which of the attacks have a name that the regular expression matches.
func choose(only string) ([]bool, error) {
	expression, err := regexp.Compile(only)
	if err != nil {
		return nil, fmt.Errorf("-only: %w", err)
	}
	chosen, names := make([]bool, len(attacks)), make([]string, len(attacks))
	for i, at := range attacks {
		chosen[i], names[i] = expression.MatchString(at.name), at.name
	}
	if !slices.Contains(chosen, true) {
		return nil, fmt.Errorf("-only %q: no attack has such a name; there are: %s", only, strings.Join(names, "; "))
	}
	return chosen, nil
}

// start starts the stack with production limits; other tests run with higher ones.
func start(ctx context.Context, s *stack.Stack, o options) error {
	if err := s.Reset(ctx); err != nil {
		return err
	}
	args := []string{"--no-demo", "--env", "auth:REGISTER_LIMIT_PER_HOUR=30", "--env", "auth:LOGINS_PER_HOUR=600", "--env", "auth:LOGIN_FAILURES_PER_HOUR=100"}
	return s.Up(ctx, append(args, stack.At(o.base)...)...)
}

// battle is shared by all attacks on one stack.
type battle struct {
	stack      *stack.Stack
	values     stack.Values
	operations []spec.Operation
	limits     map[string]int64 // memory limit of each function
	address    string
	whole      bool
}

func open(ctx context.Context, s *stack.Stack, whole bool) (*battle, error) {
	values, err := s.Values(ctx)
	if err != nil {
		return nil, err
	}
	documents, err := spec.Open(filepath.Join(s.Root(), "docs"))
	if err != nil {
		return nil, err
	}
	operations, err := documents.Operations()
	if err != nil {
		return nil, err
	}
	limits, err := memoryLimits(s.Root(), slices.Collect(maps.Keys(values.Functions)))
	if err != nil {
		return nil, err
	}
	address := strings.Replace(strings.TrimPrefix(values.GatewayURL, "http://"), "localhost", "127.0.0.1", 1)
	return &battle{stack: s, values: values, operations: operations, limits: limits, address: address, whole: whole}, nil
}
