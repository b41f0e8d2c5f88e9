// Package lostbroker takes the broker's data away from a running Taskwire: events that were published and not handled yet
// are in no topic any more. It is a package of its own, since tests that read topics from the beginning must be over.
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

// patience is how long what must come may take: the events of all other tests are published again, too.
const patience = 4 * time.Minute

const consumer = "recurring-spawn"

// TestBrokerLosesItsData_EffectsCome: the status says so, the topics come back, and what was lost has its effect, once.
func TestBrokerLosesItsData_EffectsCome(t *testing.T) {
	if os.Getenv("TASKWIRE_URL") == "" {
		t.Fatal("TASKWIRE_URL is not set: there is no stack to test. Run `make test`, which starts one.")
	}
	profile := os.Getenv("TASKWIRE_PROFILE")
	if profile == "" {
		profile = "test"
	}
	s := check.Must(stack.Open(profile))(t)
	values := check.Must(s.Values(check.Within(t, patience)))(t)
	data := filepath.Join(values.StateDir, "broker")
	if _, err := os.Stat(data); os.IsNotExist(err) {
		t.Skip("Apache Kafka does not start with an empty folder: only the embedded broker can lose its data like this")
	}
	db := check.Must(pgxpool.New(t.Context(), values.Database["owner"]))(t)
	t.Cleanup(db.Close)
	c := client.New(values.GatewayURL, http.DefaultTransport).Patient()
	session := check.Must(c.Register(t.Context(), client.Credentials{
		Email: "lost." + rand.Text() + "@example.com", Password: rand.Text(), Name: "Lost",
	}))(t)
	u := c.As(session.AccessToken)

	// Everything before is handled; then the consumer is away while an event is published.
	empty := func() bool {
		var waiting int
		return db.QueryRow(t.Context(), `SELECT count(*) FROM outbox`).Scan(&waiting) == nil && waiting == 0
	}
	check.NoError(t, s.Hold(check.Within(t, patience), consumer))
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
	eventually.Within(t, patience, "all events are published", empty)

	check.NoError(t, s.Hold(check.Within(t, patience), stack.Broker))
	entries := check.Must(os.ReadDir(data))(t)
	if len(entries) == 0 {
		t.Fatalf("there is nothing in %s: the broker's data are elsewhere", data)
	}
	for _, e := range entries {
		check.NoError(t, os.RemoveAll(filepath.Join(data, e.Name())))
	}
	eventually.Within(t, patience, "the status says that the broker is down", func() bool { return partStatus(t.Context(), u, "broker") == "down" })
	check.NoError(t, s.Release(check.Within(t, patience), stack.Broker))
	eventually.Within(t, patience, "the broker has its topics again", func() bool { return partStatus(t.Context(), u, "broker") == "up" })
	check.NoError(t, s.Release(check.Within(t, patience), consumer))
	held = false

	successors := func(ctx context.Context) (n int) {
		_ = db.QueryRow(ctx, `SELECT count(*) - 1 FROM task WHERE series_id = $1::uuid`, task.ID).Scan(&n)
		return n
	}
	eventually.Within(t, patience, "the lost completion has its successor", func() bool { return successors(t.Context()) > 0 })

	// Once, also when an operator has it published again.
	check.NoError(t, s.Republish(check.Within(t, patience), "1h"))
	eventually.Within(t, patience, "all events are published again", empty)
	later := check.Must(u.CreateTask(t.Context(), client.Fields{
		"title": "Behind it", "due_at": time.Now().AddDate(1, 0, 0).UTC(), "recurrence": client.Fields{"rrule": "FREQ=DAILY", "mode": "schedule"},
	}))(t)
	check.Must(u.CompleteTask(t.Context(), later.ID, true))(t)
	eventually.Within(t, patience, "the event behind the repeated ones is handled", func() bool {
		var n int
		return db.QueryRow(t.Context(), `SELECT count(*) - 1 FROM task WHERE series_id = $1::uuid`, later.ID).Scan(&n) == nil && n > 0
	})
	if n := successors(t.Context()); n != 1 {
		t.Errorf("%d successors, want 1", n)
	}
}

// partStatus is what /api/status says of a part.
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
