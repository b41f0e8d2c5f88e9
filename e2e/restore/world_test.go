package restore

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/shared/eventually"
)

// world is the running stack, and what was written to it.
type world struct {
	stack      *stack.Stack
	values     stack.Values
	client     *client.Client
	db         *pgxpool.Pool
	deadBefore int

	mu    sync.Mutex
	tasks map[string]written // by id
}

// written is a task of the load.
type written struct {
	user  *user
	title string
}

// user is an account with a screen.
type user struct {
	*client.Client
	name, id string
	refresh  string
	stream   *client.Stream
	at       string // id of the last event
	db       *pgxpool.Pool
}

func setup(t *testing.T) *world {
	t.Helper()
	if os.Getenv("TASKWIRE_URL") == "" {
		t.Fatal("TASKWIRE_URL is not set: there is no stack to test. Run `make test`, which starts one.")
	}
	profile := os.Getenv("TASKWIRE_PROFILE")
	if profile == "" {
		profile = "test"
	}
	w := &world{stack: check.Must(stack.Open(profile))(t), tasks: map[string]written{}}
	w.values = check.Must(w.stack.Values(check.Within(t, timeout)))(t)
	if w.values.Database["superuser"] == "" {
		t.Skip("the stack uses a PostgreSQL that is not its own: the test may not drop a database there")
	}
	w.client = client.New(w.values.GatewayURL, http.DefaultTransport).Patient()
	w.db = check.Must(pgxpool.New(t.Context(), w.values.Database["owner"]))(t)
	t.Cleanup(w.db.Close)
	w.deadBefore = w.deadLetters(t)
	return w
}

func (w *world) user(t *testing.T, name string) *user {
	t.Helper()
	s := check.Must(w.client.Register(t.Context(), client.Credentials{Email: "restore." + name + "." + strings.ToLower(rand.Text()) + "@example.com", Password: rand.Text(), Name: name}))(t)
	return &user{Client: w.client.As(s.AccessToken), name: name, id: s.User.ID, refresh: s.Cookie("taskwire_refresh"), db: w.db}
}

func (u *user) create(t *testing.T, title string, more ...client.Fields) string {
	t.Helper()
	in := client.Fields{"title": title}
	for _, fields := range more {
		maps.Copy(in, fields)
	}
	return check.Must(u.CreateTask(t.Context(), in))(t).ID
}

// load writes until the returned function is called, which ignores that the last writes may have failed.
func (w *world) load(t *testing.T, users ...*user) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for _, u := range users {
		group.Go(func() {
			pace := time.NewTicker(10 * time.Millisecond)
			defer pace.Stop()
			for i := 0; ; i++ {
				select {
				case <-ctx.Done():
					return
				case <-pace.C:
				}
				title := fmt.Sprintf("Load %d of %s", i, u.name)
				if task, err := u.CreateTask(ctx, client.Fields{"title": title}); err == nil {
					w.mu.Lock()
					w.tasks[task.ID] = written{u, title}
					w.mu.Unlock()
				}
			}
		})
	}
	stop = func() {
		cancel()
		group.Wait()
	}
	t.Cleanup(stop)
	return stop
}

func (w *world) writes() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.tasks)
}

// acknowledged returns what was written so far.
func (w *world) acknowledged() map[string]written {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.tasks)
}

// published waits until the outbox is empty.
func (w *world) published(t *testing.T) {
	t.Helper()
	eventually.Within(t, timeout, "all events are published", func() bool {
		var waiting int
		return w.db.QueryRow(t.Context(), `SELECT count(*) FROM outbox`).Scan(&waiting) == nil && waiting == 0
	})
}

func (w *world) successors(t *testing.T, id string) (n int) {
	t.Helper()
	_ = w.db.QueryRow(t.Context(), `SELECT count(*) FROM task WHERE series_id = $1::uuid AND id <> $1::uuid`, id).Scan(&n)
	return n
}

// settle waits until everything that was published before has been handled: a later completion has its successor.
func (w *world) settle(t *testing.T, u *user) {
	t.Helper()
	w.published(t)
	id := u.create(t, "Behind everything", client.Fields{"recurrence": client.Fields{"rrule": "FREQ=DAILY", "mode": "schedule"}, "due_at": time.Now().AddDate(0, 0, 1).UTC()})
	check.Must(u.CompleteTask(t.Context(), id, true))(t)
	eventually.Within(t, timeout, "the last completion has its successor", func() bool { return w.successors(t, id) > 0 })
}

func (w *world) deadLetters(t *testing.T) (n int) {
	t.Helper()
	check.NoError(t, w.db.QueryRow(t.Context(), `SELECT count(*) FROM dead_letter`).Scan(&n))
	return n
}

// notifications counts those of a task in the database, with those that are read or resolved.
func (u *user) notifications(t *testing.T, task string) (n int) {
	t.Helper()
	_ = u.db.QueryRow(t.Context(), `SELECT count(*) FROM notification WHERE user_id = $1::uuid AND task_id = $2::uuid`, u.id, task).Scan(&n)
	return n
}

// head is the sequence of the user's newest change.
func (u *user) head(t *testing.T) (seq int64) {
	t.Helper()
	check.NoError(t, u.db.QueryRow(t.Context(), `SELECT seq FROM user_stream WHERE user_id = $1::uuid`, u.id).Scan(&seq))
	return seq
}

func seqOf(t *testing.T, id string) int64 {
	t.Helper()
	_, number, _ := strings.Cut(id, "-")
	return check.Must(strconv.ParseInt(number, 10, 64))(t)
}

// prefer sets the time zone, which functions cache.
func (u *user) prefer(t *testing.T, zone string) {
	t.Helper()
	r := check.Must(u.Do(t.Context(), client.Request{Method: http.MethodPut, Path: "/api/preferences", JSON: client.Fields{"timezone": zone}}))(t)
	if r.Status != http.StatusOK {
		t.Fatalf("preferences: %d %s", r.Status, r.Body)
	}
}

func (u *user) zone(t *testing.T) string {
	t.Helper()
	r := check.Must(u.Do(t.Context(), client.Request{Method: http.MethodGet, Path: "/api/preferences"}))(t)
	var p struct{ Timezone string }
	check.NoError(t, json.Unmarshal(r.Body, &p))
	return p.Timezone
}
