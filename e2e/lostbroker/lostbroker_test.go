// Package lostbroker deletes the broker's data of a running Taskwire: events that were published and not yet handled
// are in no topic any more. It is a separate package because tests that read topics from the beginning must have ended.
package lostbroker

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/shared/eventually"
)

// timeout is how long to wait for expected effects; the events of all other tests are published again, too.
const timeout = 4 * time.Minute

const consumer = "recurring-spawn"

// TestBrokerLosesItsData_EffectsCome: the status reports the loss, the topics are created again, and each lost event
// has its effect once.
func TestBrokerLosesItsData_EffectsCome(t *testing.T) {
	if os.Getenv("TASKWIRE_URL") == "" {
		t.Fatal("TASKWIRE_URL is not set: there is no stack to test. Run `make test`, which starts one.")
	}
	profile := os.Getenv("TASKWIRE_PROFILE")
	if profile == "" {
		profile = "test"
	}
	s := check.Must(stack.Open(profile))(t)
	values := check.Must(s.Values(check.Within(t, timeout)))(t)
	data := filepath.Join(values.StateDir, "broker")
	if _, err := os.Stat(data); os.IsNotExist(err) {
		t.Skip("the stack runs Apache Kafka, which does not start with an empty data folder: only the embedded broker can lose its data like this")
	}
	db := check.Must(pgxpool.New(t.Context(), values.Database["owner"]))(t)
	t.Cleanup(db.Close)
	c := client.New(values.GatewayURL, http.DefaultTransport).Patient()
	session := check.Must(c.Register(t.Context(), client.Credentials{
		Email: "lost." + rand.Text() + "@example.com", Password: rand.Text(), Name: "Lost",
	}))(t)
	u := c.As(session.AccessToken)

	began := time.Now()
	// All earlier events are handled; then the consumer is stopped while an event is published.
	empty := func() bool {
		var waiting int
		return db.QueryRow(t.Context(), `SELECT count(*) FROM outbox`).Scan(&waiting) == nil && waiting == 0
	}
	check.NoError(t, s.Hold(check.Within(t, timeout), consumer))
	held := true
	t.Cleanup(func() {
		if held {
			check.NoError(t, s.Release(context.Background(), consumer))
		}
	})
	task := check.Must(u.CreateTask(t.Context(), client.Fields{
		"title": "Published, and then lost", "due_at": time.Now().AddDate(1, 0, 0).UTC(), "recurrence": client.Fields{"rrule": "FREQ=DAILY", "mode": "schedule"},
	}))(t)
	check.Must(u.CompleteTask(t.Context(), task.ID, true))(t)
	eventually.Within(t, timeout, "all events are published", empty)

	check.NoError(t, s.Hold(check.Within(t, timeout), stack.Broker))
	entries := check.Must(os.ReadDir(data))(t)
	if len(entries) == 0 {
		t.Fatalf("%s is empty: the broker's data is elsewhere", data)
	}
	for _, e := range entries {
		check.NoError(t, os.RemoveAll(filepath.Join(data, e.Name())))
	}
	eventually.Within(t, timeout, "the status of the broker is down", func() bool { return partStatus(t.Context(), u, "broker") == "down" })
	check.NoError(t, s.Release(check.Within(t, timeout), stack.Broker))
	eventually.Within(t, timeout, "the broker has its topics again", func() bool { return partStatus(t.Context(), u, "broker") == "up" })
	check.NoError(t, s.Release(check.Within(t, timeout), consumer))
	held = false

	successors := func(ctx context.Context) (n int) {
		_ = db.QueryRow(ctx, `SELECT count(*) - 1 FROM task WHERE series_id = $1::uuid`, task.ID).Scan(&n)
		return n
	}
	eventually.Within(t, timeout, "the lost completion has its successor", func() bool { return successors(t.Context()) > 0 })

	// Only once, even if an operator republishes it. Not what earlier tests have caused too: the consumer would be busy with
	// that for a minute.
	check.NoError(t, s.Republish(check.Within(t, timeout), began.UTC().Format(time.RFC3339Nano)))
	eventually.Within(t, timeout, "all events are published again", empty)
	later := check.Must(u.CreateTask(t.Context(), client.Fields{
		"title": "Behind it", "due_at": time.Now().AddDate(1, 0, 0).UTC(), "recurrence": client.Fields{"rrule": "FREQ=DAILY", "mode": "schedule"},
	}))(t)
	check.Must(u.CompleteTask(t.Context(), later.ID, true))(t)
	eventually.Within(t, timeout, "the event after the republished ones is handled", func() bool {
		var n int
		return db.QueryRow(t.Context(), `SELECT count(*) - 1 FROM task WHERE series_id = $1::uuid`, later.ID).Scan(&n) == nil && n > 0
	})
	if n := successors(t.Context()); n != 1 {
		t.Errorf("%d successors, want 1", n)
	}
}

// partStatus is the status of a part in /api/status.
func partStatus(ctx context.Context, u *client.Client, name string) string {
	r, err := u.Do(ctx, client.Request{Method: http.MethodGet, Path: "/api/status"})
	if err != nil || r.Status != http.StatusOK {
		return ""
	}
	var status struct {
		Parts []struct{ Name, Status string }
	}
	if json.Unmarshal(r.Body, &status) != nil {
		return ""
	}
	for _, p := range status.Parts {
		if p.Name == name {
			return p.Status
		}
	}
	return ""
}
