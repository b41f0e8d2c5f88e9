package reminders

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/load"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/shared/eventually"
)

const (
	users = 10
	each  = 50
)

// TestWhateverIsKilled_EachReminderIsInOneNotification kills, with SIGKILL, every function and sidecar that handles 500
// reminders while they are in flight: from the table to the topic, from there to the users' logs, and while the
// notifications are read. Then it counts them in the database and on the streams: each user has one digest.
func TestWhateverIsKilled_EachReminderIsInOneNotification(t *testing.T) {
	w := setup(t)
	ctx := check.Within(t, 4*time.Minute)
	all := check.Must(load.Register(ctx, w.anybody, users))(t)
	ids := make([]string, users)
	listening, dismiss := context.WithCancel(ctx)
	var listeners []*load.Listener
	var ears sync.WaitGroup
	t.Cleanup(func() { dismiss(); ears.Wait() })
	for i, u := range all {
		ids[i] = u.ID
		l := load.NewListener(u)
		listeners = append(listeners, l)
		ears.Go(func() { l.Run(listening) })
		check.NoError(t, l.Await(ctx, 0))
	}
	at := w.now().Add(2 * time.Hour).Format(time.RFC3339)
	for _, u := range all {
		operations := make([]client.Fields, each)
		for i := range operations {
			operations[i] = client.Fields{"op": "create", "task": client.Fields{"title": "In flight", "due_at": at}}
		}
		expectOK(t, check.Must(w.anybody.As(u.Token).Do(ctx, client.Request{
			Method: http.MethodPost, Path: "/api/todos/batch", JSON: client.Fields{"operations": operations},
		}))(t))
	}
	made := func() int {
		return w.count(t, ids, `SELECT count(*) FROM notification WHERE user_id = ANY ($1::uuid[]) AND kind = 'upcoming'`)
	}
	read := func() int {
		return w.count(t, ids, `SELECT count(*) FROM notification WHERE user_id = ANY ($1::uuid[]) AND kind = 'digest' AND read_at IS NOT NULL`)
	}

	// From the table to the topic. Nothing consumes them yet.
	check.NoError(t, w.Hold(ctx, "reminder-fan-in"))
	before := check.Must(w.WaitHealthy(ctx, "overdue-check"))(t)
	armed := filepath.Join(w.values.Functions["overdue-check"].FailpointDir, "after-remind")
	check.NoError(t, os.WriteFile(armed, nil, 0o600))
	w.advance(t, 90*time.Minute)
	check.Must(w.WaitReplaced(ctx, before))(t)
	if _, err := os.Stat(armed); err == nil {
		t.Fatal("overdue-check was not killed between its commit and its publishing")
	}
	w.kill(ctx, t, stack.Sidecar("overdue-check"))

	// From the topic to the users' logs.
	check.NoError(t, w.Release(ctx, "reminder-fan-in"))
	for _, part := range []string{"reminder-fan-in", stack.Sidecar("reminder-fan-in")} {
		passed := made()
		eventually.Within(t, timeout, "more notifications", func() bool { return made() > passed || made() == users*each })
		t.Logf("%d of %d reminders are in notifications: kill -9 %s", made(), users*each, part)
		w.kill(ctx, t, part)
	}
	check.NoError(t, eventually.Holds(ctx, "all notifications", func() bool { return made() >= users*each }))

	// To their users. A request without a response is repeated.
	var reading sync.WaitGroup
	for _, u := range all {
		c := w.anybody.As(u.Token)
		reading.Go(func() { readEach(ctx, t, &user{Client: c, ID: u.ID}) })
	}
	for _, part := range []string{"notifications", stack.Sidecar("notifications")} {
		passed := read()
		eventually.Within(t, timeout, "more readings", func() bool { return read() > passed || read() == users })
		t.Logf("%d of %d digests are read: kill -9 %s", read(), users, part)
		w.kill(ctx, t, part)
	}
	reading.Wait()

	for i, u := range all {
		seen := map[string]int{}
		history := check.Must(w.anybody.As(u.Token).History(ctx, 0))(t)
		if want := each + 2; len(history) != want { // the tasks, the digest, and its reading
			t.Errorf("user %s: %d entries in the log, want %d", u.ID, len(history), want)
		}
		digests := check.Must(w.anybody.As(u.Token).AllNotifications(ctx))(t)
		if len(digests) != 1 || len(digests[0].TaskIds) != each || len(digests[0].Reminders) != each {
			t.Errorf("user %s: %+v", u.ID, digests)
		}
		for n, e := range history {
			if e.Seq != int64(n+1) {
				t.Fatalf("user %s: sequence %d is at place %d of the log", u.ID, e.Seq, n+1)
			}
			seen[e.EventType+" "+e.TaskID]++
		}
		for what, times := range seen {
			if times != 1 {
				t.Errorf("user %s: %s %d times", u.ID, what, times)
			}
		}
		check.NoError(t, listeners[i].Await(ctx, int64(len(history))))
		for _, wrong := range listeners[i].Report().Wrong {
			t.Errorf("the stream of user %s: %s", u.ID, wrong)
		}
	}
}

// readEach marks all notifications of a user as read, one by one, until each is acknowledged. After a 503 or a broken
// connection it retries.
func readEach(ctx context.Context, t *testing.T, u *user) {
	acknowledged := func(err error) bool {
		var refused *client.StatusError
		if errors.As(err, &refused) && refused.Response.Status != http.StatusServiceUnavailable {
			t.Errorf("reading: %v", err)
			return true
		}
		return err == nil
	}
	var list []client.Notification
	err := eventually.Holds(ctx, "the list", func() bool {
		var err error
		list, err = u.AllNotifications(ctx)
		return acknowledged(err)
	})
	for _, n := range list {
		err = errors.Join(err, eventually.Holds(ctx, n.ID+" is read", func() bool {
			_, err := u.ReadNotification(ctx, n.ID)
			return acknowledged(err)
		}))
	}
	if err != nil {
		t.Error(err)
	}
}

// kill kills a part with SIGKILL and waits until it is running again.
func (w *world) kill(ctx context.Context, t *testing.T, part string) {
	t.Helper()
	before := check.Must(w.Kill9(ctx, part))(t)
	check.Must(w.WaitReplaced(ctx, before))(t)
}

func (w *world) count(t *testing.T, users []string, query string) (n int) {
	t.Helper()
	check.NoError(t, w.db.QueryRow(t.Context(), query, users).Scan(&n))
	return n
}
