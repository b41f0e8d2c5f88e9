// Package chaos kills every part of a running Taskwire under a steady load, and then looks for anything lost,
// doubled or out of order. `make test` starts the stack, with the failpoints built in.
package chaos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/load"
	"taskwire.dev/e2e/stack"
)

const (
	rate           = 100 // writes a second
	userCount      = 20
	streamsPerUser = 2
	// patience is how long a part, and what flows through it, may take to be well again.
	patience = 45 * time.Second
)

// world is a stack under load.
type world struct {
	*stack.Stack
	values    stack.Values
	db        *pgxpool.Pool // as the owner, who sees every row
	anybody   *client.Client
	users     []*load.User
	writer    *load.Writer
	listeners []*load.Listener

	stopWriting   func()
	stopListening func()
	normal        time.Duration // p99 of writes while all is well
}

// setup finds the running stack and puts it under load.
func setup(t *testing.T) *world {
	t.Helper()
	if os.Getenv("TASKWIRE_URL") == "" {
		t.Fatal("TASKWIRE_URL is not set: there is no stack to test. Run `make test`, which starts one.")
	}
	profile := os.Getenv("TASKWIRE_PROFILE")
	if profile == "" {
		profile = "test"
	}
	w := &world{Stack: must(stack.Open(profile))(t)}
	ctx := within(t, patience)
	w.values = must(w.Values(ctx))(t)
	w.db = must(pgxpool.New(t.Context(), w.values.Database["owner"]))(t)
	t.Cleanup(w.db.Close)

	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 512
	transport.Proxy = nil
	w.anybody = client.New(w.values.GatewayURL, transport)
	w.users = must(load.Register(within(t, 2*time.Minute), w.anybody, userCount))(t)

	w.listen(t)
	w.write(t)
	return w
}

func (w *world) listen(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var group sync.WaitGroup
	for _, u := range w.users {
		for range streamsPerUser {
			l := load.NewListener(u)
			w.listeners = append(w.listeners, l)
			group.Go(func() { l.Run(ctx) })
		}
	}
	w.stopListening = sync.OnceFunc(func() { stop(); group.Wait() })
	t.Cleanup(w.stopListening)
	opened := within(t, patience)
	for _, l := range w.listeners {
		noError(t, l.Await(opened, 0))
	}
}

func (w *world) write(t *testing.T) {
	t.Helper()
	w.writer = load.NewWriter(w.users, rate)
	stop, done := make(chan struct{}), make(chan struct{})
	ctx, give := context.WithTimeout(context.Background(), 10*time.Minute)
	go func() {
		defer close(done)
		w.writer.Run(ctx, stop, uint64(time.Now().UnixNano()))
	}()
	w.stopWriting = sync.OnceFunc(func() {
		close(stop)
		late := time.AfterFunc(patience, give)
		<-done
		late.Stop()
		give()
	})
	t.Cleanup(w.stopWriting)
	start := time.Now()
	writes := must(w.writer.Await(within(t, patience), start, 3*rate))(t)
	w.normal = load.Quantile(writes[rate:], 0.99) // without the first second, when connections are made
}

// recovered waits until what was written so far is acknowledged and has reached every stream.
func (w *world) recovered(t *testing.T) {
	t.Helper()
	ctx := within(t, patience)
	now := time.Now()
	must(w.writer.Await(ctx, now, rate/2))(t)
	noError(t, w.writer.AwaitCalm(ctx))
	w.streamsCatchUp(ctx, t)
}

// streamsCatchUp waits until every stream has delivered what is committed by now.
func (w *world) streamsCatchUp(ctx context.Context, t *testing.T) {
	t.Helper()
	committed := must(w.committed(ctx))(t)
	for _, l := range w.listeners {
		noError(t, l.Await(ctx, committed[l.Report().User.ID]))
	}
}

// committed gives the newest number of each user. The database may be away.
func (w *world) committed(ctx context.Context) (map[string]int64, error) {
	seqs := map[string]int64{}
	ids := make([]string, 0, len(w.users))
	for _, u := range w.users {
		ids = append(ids, u.ID)
	}
	err := again(ctx, func() error {
		rows, err := w.db.Query(ctx, `SELECT user_id::text, seq FROM user_stream WHERE user_id = ANY ($1::uuid[])`, ids)
		if err != nil {
			return err
		}
		var id string
		var seq int64
		_, err = pgx.ForEachRow(rows, []any{&id, &seq}, func() error {
			seqs[id] = seq
			return nil
		})
		return err
	})
	return seqs, err
}

// failpoint arms a failpoint of the tasks function and waits until the function has died of it.
func (w *world) failpoint(ctx context.Context, name string) error {
	before, err := w.WaitHealthy(ctx, "tasks")
	if err != nil {
		return err
	}
	dir, err := environment(before.PID, "FAILPOINT_DIR")
	if err != nil {
		return err
	}
	armed := filepath.Join(dir, name)
	if err := os.WriteFile(armed, nil, 0o600); err != nil {
		return err
	}
	err = again(ctx, func() error {
		if _, err := os.Stat(armed); err == nil {
			return errors.New("nobody has passed the failpoint: were the functions built with the tag failpoint?")
		}
		return nil
	})
	if err != nil {
		return errors.Join(err, os.Remove(armed))
	}
	_, err = w.WaitReplaced(ctx, before)
	return err
}

// environment reads a variable of a running process.
func environment(pid int, name string) (string, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		return "", err
	}
	for variable := range bytes.SplitSeq(content, []byte{0}) {
		if value, ok := strings.CutPrefix(string(variable), name+"="); ok {
			return value, nil
		}
	}
	return "", fmt.Errorf("process %d has no %s", pid, name)
}

// again asks until there is no error, or ctx ends.
func again(ctx context.Context, ask func() error) error {
	for {
		err := ask()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(20 * time.Millisecond): // the pace of asking, not a wait for an effect
		}
	}
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
