package cluster

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/world"
	"taskwire.dev/shared/eventually"
)

// spawner is the consumer under test: its effects are visible from outside.
const spawner = "recurring-spawn"

// needs skips a test unless all the functions are deployed.
func needs(ctx context.Context, t *testing.T, names ...string) {
	t.Helper()
	deployed := map[string]bool{}
	for _, f := range check.Must(functions(ctx))(t) {
		deployed[f.name] = true
	}
	for _, name := range names {
		if !deployed[name] {
			t.Skipf("the function %s is not deployed in this cluster, and this test needs it", name)
		}
	}
}

// complete creates a task that recurs daily and completes it, which should create the next one.
func complete(ctx context.Context, t *testing.T, c *client.Client) {
	t.Helper()
	awake(ctx, t, "tasks")
	task := check.Must(c.CreateTask(ctx, client.Fields{
		"title": "Water the plants", "due_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339), "timezone": "Europe/Berlin",
		"recurrence": map[string]any{"rrule": "FREQ=DAILY", "mode": "schedule"},
	}))(t)
	check.Must(c.CompleteTask(ctx, task.ID, true))(t)
}

// open returns the user's open tasks.
func open(ctx context.Context, c *client.Client) ([]client.Task, error) {
	return c.AllTasks(ctx, url.Values{"status": {"open"}}, nil)
}

// spawned waits for the next occurrence, and expects exactly one.
func spawned(ctx context.Context, t *testing.T, c *client.Client) {
	t.Helper()
	eventually.Succeeds(ctx, t, "the next occurrence exists", func() error {
		tasks, err := open(ctx, c)
		switch {
		case err != nil:
			return err
		case len(tasks) == 0:
			return errors.New("no open task")
		case len(tasks) > 1:
			t.Fatalf("%d occurrences, want one", len(tasks))
		}
		return nil
	})
}

// TestEventThroughASleepingConsumer: the first event wakes the consumer and is handled.
func TestEventThroughASleepingConsumer(t *testing.T) {
	at := place(t)
	ctx := check.Within(t, 2*timeout)
	needs(ctx, t, spawner)
	ada, _ := newUser(ctx, t, at)
	asleep(ctx, t, function{name: spawner, kind: serving})
	started := time.Now()
	complete(ctx, t, ada)
	spawned(ctx, t, ada)
	measure(t, "through sleeping functions", "a completed task, to the next occurrence that recurring-spawn makes", fmt.Sprintf("%.1f s", time.Since(started).Seconds()))
}

// TestKafkaSource_TriesAgainWhatMayPass makes the database unavailable to the consumer: its source retries until it is
// available again.
func TestKafkaSource_TriesAgainWhatMayPass(t *testing.T) {
	at := place(t)
	ctx := check.Within(t, 2*timeout)
	needs(ctx, t, spawner)
	ada, _ := newUser(ctx, t, at)
	db := check.Must(pgx.Connect(ctx, at.DatabaseURL))(t)
	defer db.Close(ctx)
	_, err := db.Exec(ctx, `ALTER ROLE taskwire_worker NOLOGIN`)
	check.NoError(t, err)
	login := func() {
		_, err := db.Exec(context.WithoutCancel(ctx), `ALTER ROLE taskwire_worker LOGIN`)
		check.NoError(t, err)
	}
	defer login()
	// Terminate them with their connections, gracefully: a forced deletion does not wait until the process has ended.
	_, err = kubectl(ctx, "delete", "pod", "-l", "function.knative.dev/name="+spawner, "--grace-period=1")
	check.NoError(t, err)

	complete(ctx, t, ada)
	// The delivery is being retried: Knative has started a pod, and it does not become ready.
	eventually.Succeeds(ctx, t, "the event wakes the consumer", func() error {
		found, err := pods(ctx, spawner)
		if err == nil && len(found) == 0 {
			err = errors.New("no pod")
		}
		return err
	})
	if tasks := check.Must(open(ctx, ada))(t); len(tasks) > 0 {
		t.Fatal("the consumer is ready without its database")
	}
	login()
	back := time.Now()
	spawned(ctx, t, ada)
	measure(t, "delivery", "an event whose consumer had no database, after it came back", fmt.Sprintf("worked on after %.1f s", time.Since(back).Seconds()))
}

// produce writes a record as another producer would.
func produce(ctx context.Context, t *testing.T, at world.Place, topic string, key, value []byte) {
	t.Helper()
	kafka := check.Must(kgo.NewClient(kgo.SeedBrokers(strings.Split(at.KafkaBrokers, ",")...)))(t)
	defer kafka.Close()
	record := &kgo.Record{
		Topic: topic, Key: key, Value: value,
		Headers: []kgo.RecordHeader{{Key: "content-type", Value: []byte("application/cloudevents+json")}},
	}
	check.NoError(t, kafka.ProduceSync(ctx, record).FirstErr())
}

// TestKafkaSource_SetsAsideWhatNeverWill: a completed task without a user is refused with 422 and goes at once to the
// function dead-letter, which stores it; the records after it are handled.
func TestKafkaSource_SetsAsideWhatNeverWill(t *testing.T) {
	at := place(t)
	ctx := check.Within(t, 2*timeout)
	needs(ctx, t, spawner, "dead-letter")
	poison := client.Event{
		SpecVersion: "1.0", ID: rand.Text(), Source: "/cluster-test", Type: "task.completed", Subject: "nobody",
		Data: json.RawMessage(`{"task":{"recurrence":{}}}`),
	}
	started := time.Now()
	produce(ctx, t, at, "task-events", []byte("nobody"), check.Must(json.Marshal(poison))(t))
	db := check.Must(pgx.Connect(ctx, at.DatabaseURL))(t)
	defer db.Close(ctx)
	var consumer, reason string
	eventually.Succeeds(ctx, t, "the poison is stored", func() error {
		return db.QueryRow(ctx, `SELECT consumer, reason FROM dead_letter WHERE source = $1 AND event_id = $2`, poison.Source, poison.ID).
			Scan(&consumer, &reason)
	})
	measure(t, "delivery", "an event that no consumer can work on", fmt.Sprintf("kept by dead-letter after %.1f s", time.Since(started).Seconds()))
	t.Logf("consumer %q, reason %q", consumer, reason)
	ada, _ := newUser(ctx, t, at)
	complete(ctx, t, ada)
	spawned(ctx, t, ada)
}
