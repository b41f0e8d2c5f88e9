// Command rehearse runs a separate stack under load and does to it what production will: it loses the database, the broker and a
// gateway, makes a backup, loses all data and restores it. It writes what users felt to docs/rehearsal.md, and fails if an
// acknowledged write is lost. `make rehearse` runs it.
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

	"taskwire.dev/e2e/document"
	"taskwire.dev/e2e/machine"
	"taskwire.dev/e2e/stack"
)

type options struct {
	outage  time.Duration
	calm    time.Duration
	timeout time.Duration
	rate    int
	users   int
	streams int
	profile string
	base    int
	from    string
	output  string
}

func main() {
	var o options
	flag.DurationVar(&o.outage, "outage", time.Minute, "how long the database and the broker are unavailable")
	flag.DurationVar(&o.calm, "calm", 15*time.Second, "normal operation before the first step")
	flag.DurationVar(&o.timeout, "timeout", 3*time.Minute, "how long it may take after a step until all is well")
	flag.IntVar(&o.rate, "rate", 50, "writes a second")
	flag.IntVar(&o.users, "users", 10, "users who write")
	flag.IntVar(&o.streams, "streams", 2, "open streams of each user")
	flag.StringVar(&o.profile, "profile", "rehearse", "the stack; its data is deleted before and after")
	flag.IntVar(&o.base, "base", 0, "first port of that stack; 0 for the profile's default")
	flag.StringVar(&o.from, "from", "", "a commit or tag of an earlier version, to upgrade from and to step back to")
	flag.StringVar(&o.output, "o", filepath.Join("docs", "rehearsal.md"), "the document to write the results to, from the repository's root; empty for none")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "rehearse:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	s, err := stack.Open(o.profile)
	if err != nil {
		return err
	}
	r := report{options: o}
	failed := rehearse(ctx, s, o, &r)
	if o.from != "" && failed == nil {
		r.upgrade, failed = upgrade(ctx, s.Root(), o.from)
	}
	if len(r.steps) > 0 {
		fmt.Println("\n" + r.markdown())
	}
	if o.output == "" || failed != nil {
		return failed
	}
	return document.Write(filepath.Join(s.Root(), o.output), "make rehearse", r.markdown())
}

// rehearse does all steps on one stack.
func rehearse(ctx context.Context, s *stack.Stack, o options, r *report) (err error) {
	if err := s.Reset(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Reset(context.WithoutCancel(ctx))) }()
	if err := s.Up(ctx, append(stack.At(o.base), "--no-demo")...); err != nil {
		return err
	}
	w, err := start(ctx, s, o)
	if err != nil {
		return err
	}
	defer func() {
		w.stop()
		_ = os.RemoveAll(w.backup.folder)
	}()
	r.machine, r.load = machine.Describe(ctx, s.Root(), w.db), loadAverage()
	defer func() {
		for i, d := range r.steps {
			r.steps[i].felt = w.felt(d.began, d.well)
		}
		r.notes = w.notes
	}()
	lost := 0
	for _, step := range steps(w, o) {
		fmt.Fprintf(os.Stderr, "%s  %s\n", time.Now().Format(time.TimeOnly), step.name)
		done, err := w.perform(ctx, step)
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		r.steps, lost = append(r.steps, done), lost+done.lost
	}
	if err := w.verify(ctx); err != nil {
		return err
	}
	if lost > 0 {
		return fmt.Errorf("%d acknowledged writes were missing after a step", lost)
	}
	return nil
}
