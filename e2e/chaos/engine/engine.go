// Package engine runs one storm: many users, a schedule of faults, and the verdict at the end.
package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"taskwire.dev/e2e/chaos/fault"
	"taskwire.dev/e2e/chaos/history"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/load"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/e2e/world"
)

// Options of a storm.
type Options struct {
	Seed  uint64
	Rate  int // changes a second
	Users int
	// Streams of each user.
	Streams  int
	Duration time.Duration
	// Calm is the time between the end of a fault and the next.
	Calm time.Duration
	// RecoveryTimeout is how long recovery may take after a fault, and how long all remaining work may take at the end.
	RecoveryTimeout time.Duration
	// Kinds of faults; those that the stack does not support are left out.
	Kinds []fault.Kind
	// Say reports progress.
	Say func(format string, args ...any)
}

// storm is a running storm.
type storm struct {
	Options
	stack  *stack.Stack
	values stack.Values
	inject *fault.Injector
	db     *pgxpool.Pool

	accounts  []*load.User
	users     []*history.User
	writer    *history.Writer
	listeners []*load.Listener
	result    *Result

	held   []string  // parts that stopReminders stopped
	heldAt time.Time // since then no task becomes overdue
}

// Run runs a storm on a running stack, and judges the result.
func Run(ctx context.Context, inject *fault.Injector, o Options) (*Result, error) {
	s := &storm{Options: o, stack: inject.Stack, values: inject.Values, inject: inject, result: newResult(o)}
	var err error
	if s.db, err = pgxpool.New(ctx, s.values.Database["owner"]); err != nil {
		return nil, err
	}
	defer s.db.Close()
	if s.result.lettersBefore, err = s.letters(ctx); err != nil {
		return nil, err
	}
	if err := s.register(ctx); err != nil {
		return nil, err
	}
	stop := s.begin(ctx)
	defer stop()
	err = s.weather(ctx)
	s.result.add(s.settle(ctx, stop)...)
	// Also after a fault from which it did not recover: what is there must still be right.
	err = errors.Join(err, s.judge(ctx))
	return s.result, errors.Join(err, s.startReminders(context.WithoutCancel(ctx)))
}

// register creates the accounts, each with a token that outlives the storm.
func (s *storm) register(ctx context.Context) error {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 512
	transport.Proxy = nil
	transport.DialContext = s.inject.Dial
	anybody := client.New(s.values.GatewayURL, transport)
	s.Say("registering %d users", s.Users)
	accounts, err := load.Register(ctx, anybody, s.Users)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		token, err := a.Call().CreateToken(ctx, a.Password, "chaos", "tasks:read", "tasks:write")
		if err != nil {
			return err
		}
		a.Use(token.Secret)
		project := history.Project{Name: "Chaos"}
		created := client.Request{Method: http.MethodPost, Path: "/api/projects", JSON: client.Fields{"name": project.Name}}
		answer, err := a.Call().Do(ctx, created)
		if err != nil {
			return err
		}
		if err := answer.Decode("project", http.StatusCreated, &project); err != nil {
			return err
		}
		s.users = append(s.users, history.NewUser(a.ID, a.Call(), project))
	}
	s.accounts = accounts
	return nil
}

// begin opens the streams and starts to write. The returned function ends the writing and waits for the last responses.
func (s *storm) begin(ctx context.Context) (stop func()) {
	listening, dismiss := context.WithCancel(ctx)
	var ears sync.WaitGroup
	for _, a := range s.accounts {
		for range s.Streams {
			l := load.NewListener(a).Keep()
			s.listeners = append(s.listeners, l)
			ears.Go(func() { l.Run(listening) })
		}
	}
	s.result.stopListening = sync.OnceFunc(func() { dismiss(); ears.Wait() })

	run := strconv.FormatUint(s.Seed, 36) + "-" + strconv.FormatInt(time.Now().UnixMilli(), 36)
	s.writer = history.NewWriter(s.users, s.Rate, s.Seed, run)
	end, done := make(chan struct{}), make(chan struct{})
	writing, give := context.WithCancel(ctx)
	go func() {
		defer close(done)
		s.writer.Run(writing, end)
	}()
	return sync.OnceFunc(func() {
		close(end)
		late := time.AfterFunc(s.RecoveryTimeout, give)
		<-done
		late.Stop()
		give()
	})
}

// weather injects one fault after the other until the time is over.
func (s *storm) weather(ctx context.Context) error {
	can, err := s.inject.Can(s.Kinds)
	if err != nil {
		return err
	}
	parts, err := s.stack.Parts(ctx)
	if err != nil {
		return err
	}
	for _, p := range parts {
		can.Parts = append(can.Parts, p.Name)
	}
	schedule := fault.NewSchedule(s.Seed, can)
	over := time.Now().Add(s.Duration)
	progress := s.reportProgress(ctx)
	defer progress()
	if err := s.recovered(ctx, time.Now()); err != nil {
		return fmt.Errorf("before the first fault: %w", err)
	}
	for time.Now().Before(over) && ctx.Err() == nil {
		faults := schedule.Round()
		if err := s.injectAll(ctx, faults); err != nil {
			return err
		}
		ended := time.Now()
		if err := s.recovered(ctx, ended); err != nil {
			s.result.stuck(faults, err)
			return fmt.Errorf("after %v: %w", faults, err)
		}
		s.result.recovered(faults, time.Since(ended))
		select {
		case <-time.After(s.Calm):
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// injectAll injects faults concurrently, and returns when the last one is over.
func (s *storm) injectAll(ctx context.Context, faults []fault.Fault) error {
	ctx, cancel := context.WithTimeout(ctx, s.RecoveryTimeout)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	for _, f := range faults {
		s.Say("%s", f)
		group.Go(func() error {
			if err := s.inject.Do(ctx, f); err != nil {
				return fmt.Errorf("%s: %w", f, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// recovered waits until requests succeed again, and every stream has what was committed by then.
func (s *storm) recovered(ctx context.Context, since time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, s.RecoveryTimeout)
	defer cancel()
	if err := s.writer.Await(ctx, since, max(10, s.Rate/5)); err != nil {
		return err
	}
	return s.streamsCatchUp(ctx)
}

func (s *storm) streamsCatchUp(ctx context.Context) error {
	var heads map[string]int64
	err := world.Again(ctx, func() (err error) {
		heads, err = s.heads(ctx)
		return err
	})
	if err != nil {
		return err
	}
	for i, l := range s.listeners {
		if err := l.Await(ctx, heads[s.accounts[i/s.Streams].ID]); err != nil {
			return err
		}
	}
	return nil
}

// heads returns the newest sequence of each user.
func (s *storm) heads(ctx context.Context) (map[string]int64, error) {
	rows, err := s.db.Query(ctx, `SELECT user_id::text, seq FROM user_stream WHERE user_id = ANY ($1::uuid[])`, s.ids())
	if err != nil {
		return nil, err
	}
	heads := map[string]int64{}
	var id string
	var seq int64
	_, err = pgx.ForEachRow(rows, []any{&id, &seq}, func() error {
		heads[id] = seq
		return nil
	})
	return heads, err
}

func (s *storm) ids() []string {
	ids := make([]string, len(s.users))
	for i, u := range s.users {
		ids[i] = u.ID
	}
	return ids
}
