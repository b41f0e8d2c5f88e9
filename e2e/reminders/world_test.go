// Package reminders tests what needs a clock that can be moved: reminders are sent when tasks are due, once a day when
// they are overdue, and exactly once whatever is killed meanwhile. `make test` starts the stack with builds whose clock
// follows a file. Nothing here runs in parallel: there is one clock.
package reminders

import (
	"context"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/load"
	"taskwire.dev/e2e/spec"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/shared/eventually"
)

// timeout is how long to wait for expected effects.
const timeout = 60 * time.Second

// world is a running stack with its clock.
type world struct {
	*stack.Stack
	values  stack.Values
	db      *pgxpool.Pool // as the owner, who sees every row
	anybody *client.Client
}

// ahead is how far the stack's clock is ahead of this machine's. It only increases: past actions stay in the past.
var ahead time.Duration

func TestMain(m *testing.M) {
	code := m.Run()
	if s, err := stack.Open(profile()); err == nil {
		if v, err := s.Values(context.Background()); err == nil && v.ClockFile != "" {
			_ = os.Remove(v.ClockFile)
		}
	}
	os.Exit(code)
}

func profile() string {
	if p := os.Getenv("TASKWIRE_PROFILE"); p != "" {
		return p
	}
	return "test"
}

func setup(t *testing.T) *world {
	t.Helper()
	if os.Getenv("TASKWIRE_URL") == "" {
		t.Fatal("TASKWIRE_URL is not set: there is no stack to test. Run `make test`, which starts one.")
	}
	w := &world{Stack: check.Must(stack.Open(profile()))(t)}
	w.values = check.Must(w.Values(check.Within(t, timeout)))(t)
	if w.values.ClockFile == "" {
		t.Fatal("the functions' clock cannot be moved: they must be built with the tag failpoint")
	}
	w.db = check.Must(pgxpool.New(t.Context(), w.values.Database["owner"]))(t)
	t.Cleanup(w.db.Close)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	transport.IdleConnTimeout = time.Second // func-go closes connections that were unused for 2 s
	transport.Proxy = nil
	checked := spec.Load(t).Transport(transport, func(err error) {
		t.Helper()
		t.Errorf("differs from the documentation: %v", err)
	})
	w.anybody = client.New(w.values.GatewayURL, checked).Patient()
	return w
}

// now is the stack's current time.
func (w *world) now() time.Time { return time.Now().Add(ahead).UTC().Truncate(time.Second) }

// moveTo sets the stack's clock to a time, from which it continues.
func (w *world) moveTo(t *testing.T, to time.Time) {
	t.Helper()
	by := time.Until(to)
	if by < ahead {
		t.Fatalf("the clock would go back by %v", ahead-by)
	}
	ahead = by
	whole := w.values.ClockFile + ".new"
	check.NoError(t, os.WriteFile(whole, []byte(ahead.String()), 0o600))
	check.NoError(t, os.Rename(whole, w.values.ClockFile))
}

func (w *world) advance(t *testing.T, d time.Duration) {
	t.Helper()
	w.moveTo(t, time.Now().Add(ahead+d))
}

// user is a user with an account.
type user struct {
	*client.Client
	ID string
}

func (w *world) user(t *testing.T) *user {
	t.Helper()
	u := check.Must(load.Register(check.Within(t, timeout), w.anybody, 1))(t)[0]
	return &user{Client: w.anybody.As(u.Token), ID: u.ID}
}

// due creates a task that is due at a time.
func (u *user) due(t *testing.T, title string, at time.Time, more ...client.Fields) *client.Task {
	t.Helper()
	in := client.Fields{"title": title, "due_at": at.UTC().Format(time.RFC3339)}
	for _, fields := range more {
		for name, value := range fields {
			in[name] = value
		}
	}
	return check.Must(u.CreateTask(t.Context(), in))(t)
}

// settle waits until the user has all notifications up to now: it creates a task that is due now and waits for its
// reminder. A user's reminders keep their order.
func (u *user) settle(t *testing.T, w *world) {
	t.Helper()
	task := u.due(t, "Settled", w.now().Add(30*time.Minute), client.Fields{"reminders": []string{"PT30M"}})
	eventually.Within(t, timeout, "a reminder that is due at once", func() bool { return len(u.told(t, task.ID)) == 1 })
}

// bell reads the stream up to the event of a notification about the task.
func bell(t *testing.T, s *client.Stream, taskID string) client.NotificationUpdate {
	t.Helper()
	ctx := check.Within(t, timeout)
	for {
		f := check.Must(s.NextEvent(ctx))(t)
		if told, err := f.Notified(); err == nil && told.TaskID != nil && *told.TaskID == taskID {
			return told
		}
	}
}

// told returns the notifications about a task, alone or as a part of a digest, newest first.
func (u *user) told(t *testing.T, taskID string) (about []client.Notification) {
	t.Helper()
	for _, n := range check.Must(u.AllNotifications(t.Context()))(t) {
		if n.TaskID == taskID {
			about = append(about, n)
		}
		for _, r := range n.Reminders {
			if r.TaskID == taskID {
				about = append(about, client.Notification{ID: n.ID, Kind: r.Kind, TaskID: r.TaskID, Title: r.Title, Body: r.Body, ResolvedAt: r.ResolvedAt})
			}
		}
	}
	return about
}

// expectTold fails the test unless these are the kinds of the notifications about the task, oldest first.
func (u *user) expectTold(t *testing.T, taskID string, kinds ...string) {
	t.Helper()
	var got []string
	for _, n := range u.told(t, taskID) {
		got = append(got, n.Kind)
	}
	slices.Reverse(got)
	if !slices.Equal(got, kinds) {
		t.Fatalf("told %v, not %v", got, kinds)
	}
}
