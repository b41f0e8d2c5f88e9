package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/load"
	"taskwire.dev/e2e/stack"
)

// attempt is one write as its user saw it.
type attempt struct {
	sent   time.Time
	took   time.Duration
	status string // "" if it was accepted, else the HTTP status, "timeout" or "connection lost"
}

// task is one that was acknowledged.
type task struct {
	title string
	at    time.Time // of the acknowledgement
}

// world is a stack under load, and what was written to it. A write is not repeated, so that every failure is counted.
type world struct {
	stack     *stack.Stack
	values    stack.Values
	db        *pgxpool.Pool
	options   options
	users     []*load.User
	listeners []*load.Listener
	backup    backup
	notes     []string

	stop func() // ends the load

	mu        sync.Mutex
	pending   map[int]time.Time // when each write without an answer was sent
	attempts  []attempt
	tasks     map[string]task      // by id
	completed map[string]time.Time // recurring tasks, and when that was acknowledged
}

// attemptTimeout is how long a user waits for an answer.
const attemptTimeout = 10 * time.Second

// start registers the users, opens their streams and begins to write.
func start(ctx context.Context, s *stack.Stack, o options) (*world, error) {
	w := &world{stack: s, options: o, pending: map[int]time.Time{}, tasks: map[string]task{}, completed: map[string]time.Time{}}
	var err error
	if w.values, err = s.Values(ctx); err != nil {
		return nil, err
	}
	if w.db, err = pgxpool.New(ctx, w.values.Database["owner"]); err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 512
	if w.users, err = load.Register(ctx, client.New(w.values.GatewayURL, transport), o.users); err != nil {
		return nil, err
	}
	loading, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	w.stop = sync.OnceFunc(func() { cancel(); group.Wait() })
	for _, u := range w.users {
		for range o.streams {
			l := load.NewListener(u)
			w.listeners = append(w.listeners, l)
			group.Go(func() { l.Run(loading) })
		}
	}
	group.Go(func() { w.write(loading) })
	return w, nil
}

// write sends writes at the rate, however long the earlier ones take. Each tenth task is a recurring one that is then completed.
func (w *world) write(ctx context.Context) {
	pace := time.NewTicker(time.Second / time.Duration(w.options.rate))
	defer pace.Stop()
	var group sync.WaitGroup
	defer group.Wait()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-pace.C:
		}
		u := w.users[i%len(w.users)]
		group.Go(func() { w.create(u.Call(), i) })
	}
}

func (w *world) create(c *client.Client, i int) {
	title := "Written during a rehearsal: " + rand.Text()
	in := client.Fields{"title": title}
	// Users take turns at them, too.
	recurring := (i/len(w.users))%10 == i%10
	if recurring {
		in["recurrence"], in["due_at"] = client.Fields{"rrule": "FREQ=DAILY", "mode": "schedule"}, time.Now().AddDate(0, 0, 1).UTC()
	}
	var id string
	accepted := w.attempt(2*i, func(ctx context.Context) error {
		t, err := c.CreateTask(ctx, in)
		if err == nil {
			id = t.ID
		}
		return err
	})
	if !accepted {
		return
	}
	w.mu.Lock()
	w.tasks[id] = task{title: title, at: time.Now()}
	w.mu.Unlock()
	if !recurring {
		return
	}
	if w.attempt(2*i+1, func(ctx context.Context) error { _, err := c.CompleteTask(ctx, id, true); return err }) {
		w.mu.Lock()
		w.completed[id] = time.Now()
		w.mu.Unlock()
	}
}

// attempt sends a write once, and records what its user saw.
func (w *world) attempt(n int, send func(context.Context) error) (accepted bool) {
	ctx, cancel := context.WithTimeout(context.Background(), attemptTimeout)
	defer cancel()
	sent := time.Now()
	w.mu.Lock()
	w.pending[n] = sent
	w.mu.Unlock()
	err := send(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.pending, n)
	w.attempts = append(w.attempts, attempt{sent: sent, took: time.Since(sent), status: status(err)})
	return err == nil
}

func status(err error) string {
	var answer *client.StatusError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &answer):
		return fmt.Sprint(answer.Response.Status)
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	}
	return "connection lost"
}

// calm fails unless all writes of the last second were accepted, at no less than half of the rate, and none is waiting for longer.
func (w *world) calm() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	since := time.Now().Add(-time.Second)
	for _, sent := range w.pending {
		if sent.Before(since) {
			return errors.New("writes are not answered")
		}
	}
	accepted := 0
	for i := len(w.attempts) - 1; i >= 0 && w.attempts[i].sent.Add(w.attempts[i].took).After(since); i-- {
		if w.attempts[i].status != "" {
			return fmt.Errorf("writes fail: %s", w.attempts[i].status)
		}
		accepted++
	}
	if accepted < w.options.rate/2 {
		return fmt.Errorf("%d writes were accepted in a second", accepted)
	}
	return nil
}
