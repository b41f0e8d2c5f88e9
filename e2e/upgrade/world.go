package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
)

// version is one of the two versions.
type version int

const (
	earlier version = iota
	later
)

const users = 5

// world is what was written, through both versions.
type world struct {
	before stack.Values
	db     *pgxpool.Pool
	pace   time.Duration
	logins []client.Credentials

	clients [2][]*client.Client // by version and user

	written, failed, slowest atomic.Int64

	mu        sync.Mutex
	titles    map[string]string // of acknowledged tasks, by id
	completed []string          // recurring tasks
	failures  []error
}

func newWorld(ctx context.Context, before *stack.Stack, rate int) (*world, error) {
	w := &world{pace: users * time.Second / time.Duration(rate), titles: map[string]string{}}
	var err error
	if w.before, err = before.Values(ctx); err != nil {
		return nil, err
	}
	if w.db, err = pgxpool.New(ctx, w.before.Database["owner"]); err != nil {
		return nil, err
	}
	c := client.New(w.before.GatewayURL, http.DefaultTransport).Patient()
	for i := range users {
		login := client.Credentials{Email: fmt.Sprintf("upgrade.%d.%s@example.com", i, strings.ToLower(rand.Text())), Password: rand.Text(), Name: fmt.Sprintf("User %d", i)}
		s, err := c.Register(ctx, login)
		if err != nil {
			return nil, err
		}
		w.logins = append(w.logins, login)
		w.clients[earlier] = append(w.clients[earlier], c.As(s.AccessToken))
	}
	return w, nil
}

func (w *world) close() { w.db.Close() }

// connect signs all users in at this version, whose address, and so the issuer of its tokens, is another.
func (w *world) connect(ctx context.Context, now *stack.Stack) error {
	values, err := now.Values(ctx)
	if err != nil {
		return err
	}
	c := client.New(values.GatewayURL, http.DefaultTransport).Patient()
	for _, login := range w.logins {
		s, err := c.Login(ctx, login.Email, login.Password)
		if err != nil {
			return err
		}
		w.clients[later] = append(w.clients[later], c.As(s.AccessToken))
	}
	return nil
}

// underLoad runs do while all users write through the versions in turn.
func (w *world) underLoad(to []version, do func() error) error {
	ctx, stop := context.WithCancel(context.Background())
	var group sync.WaitGroup
	for u := range users {
		group.Go(func() {
			pace := time.NewTicker(w.pace)
			defer pace.Stop()
			for i := 0; ; i++ {
				select {
				case <-ctx.Done():
					return
				case <-pace.C:
				}
				w.write(w.clients[to[i%len(to)]][u], i)
			}
		})
	}
	err := do()
	stop()
	group.Wait()
	return err
}

// write makes one change; each tenth is a recurring task that is completed.
func (w *world) write(c *client.Client, i int) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	began := time.Now()
	title := "Written during an upgrade: " + rand.Text()
	in := client.Fields{"title": title}
	if i%10 == 0 {
		in["recurrence"], in["due_at"] = client.Fields{"rrule": "FREQ=DAILY", "mode": "schedule"}, began.AddDate(0, 0, 1).UTC()
	}
	task, err := c.CreateTask(ctx, in)
	if err == nil && i%10 == 0 {
		_, err = c.CompleteTask(ctx, task.ID, true)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.failed.Add(1)
		w.failures = append(w.failures, err)
		return
	}
	w.written.Add(1)
	w.slowest.Store(max(w.slowest.Load(), int64(time.Since(began))))
	w.titles[task.ID] = title
	if i%10 == 0 {
		w.completed = append(w.completed, task.ID)
	}
}

// verify compares what was acknowledged with what is there.
func (w *world) verify(ctx context.Context, now *stack.Stack) error {
	found := map[string]string{}
	rows, err := w.db.Query(ctx, `SELECT id::text, title FROM task`)
	if err != nil {
		return err
	}
	for rows.Next() {
		var id, title string
		if err := rows.Scan(&id, &title); err != nil {
			return err
		}
		found[id] = title
	}
	problems := w.failures
	for id, title := range w.titles {
		if found[id] != title {
			problems = append(problems, fmt.Errorf("task %s is %q, acknowledged as %q", id, found[id], title))
		}
	}
	if err := w.awaitSuccessors(ctx); err != nil {
		problems = append(problems, err)
	}
	var dead int
	if err := w.db.QueryRow(ctx, `SELECT count(*) FROM dead_letter`).Scan(&dead); err != nil {
		return err
	}
	if dead > 0 {
		problems = append(problems, fmt.Errorf("%d dead letters", dead))
	}
	values, err := now.Values(ctx)
	if err != nil {
		return err
	}
	for _, command := range []string{"fold", "rebuild-check"} {
		if err := values.Operate(ctx, command); err != nil {
			problems = append(problems, err)
		}
	}
	fmt.Printf("%d tasks acknowledged, %d recurring ones completed, %d problems\n", len(w.titles), len(w.completed), len(problems))
	return errors.Join(problems...)
}

// awaitSuccessors waits until each completed task has a successor, and fails if one has more.
func (w *world) awaitSuccessors(ctx context.Context) error {
	const count = `
SELECT count(*) FILTER (WHERE n = 0), count(*) FILTER (WHERE n > 1) FROM (
  SELECT (SELECT count(*) FROM task t WHERE t.series_id = c.id AND t.id <> c.id) AS n FROM unnest($1::uuid[]) AS c (id)) AS each`
	poll := time.NewTicker(200 * time.Millisecond)
	defer poll.Stop()
	deadline := time.Now().Add(time.Minute)
	for {
		var none, many int
		if err := w.db.QueryRow(ctx, count, w.completed).Scan(&none, &many); err != nil {
			return err
		}
		if none == 0 && many == 0 {
			return nil
		}
		if many > 0 || time.Now().After(deadline) {
			return fmt.Errorf("of %d completed tasks %d have no successor and %d more than one", len(w.completed), none, many)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-poll.C:
		}
	}
}
