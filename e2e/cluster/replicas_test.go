package cluster

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
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

// TestTwoReplicasOfEveryConsumer_SingleEffects runs two replicas of each consumer in turn, delivers events twice, and
// expects each effect once. In turn, because a small node has no room for two of each.
func TestTwoReplicasOfEveryConsumer_SingleEffects(t *testing.T) {
	at := place(t)
	for name, effect := range map[string]func(context.Context, *testing.T, world.Place) string{
		spawner:           singleOccurrences,
		"dead-letter":     singleLetters,
		"overdue-check":   singleNotifications,
		"reminder-fan-in": singleNotifications,
	} {
		t.Run(name, func(t *testing.T) {
			ctx := check.Within(t, timeout)
			needs(ctx, t, name)
			two(ctx, t, function{name: name, kind: serving})
			measure(t, "replicas", "two of "+name, effect(ctx, t, at))
		})
	}
}

// minScale is the annotation that says how many replicas a function keeps at least.
const minScale = "autoscaling.knative.dev/min-scale"

// two runs two replicas of a function for the rest of the test.
func two(ctx context.Context, t *testing.T, f function) {
	t.Helper()
	restore := check.Must(scaleAtLeast(ctx, f, 2))(t)
	t.Cleanup(func() { check.NoError(t, restore(context.WithoutCancel(ctx))) })
	rolled(ctx, t, f)
	replicas(ctx, t, f.name, 2)
}

// scaleAtLeast makes a function keep at least n replicas, until restore gives it back what it had: dead-letter keeps one for its
// metrics, and a deployment would not mend another number.
func scaleAtLeast(ctx context.Context, f function, n int) (restore func(context.Context) error, err error) {
	type template struct {
		Spec struct {
			Template struct {
				Metadata metadata `json:"metadata"`
			} `json:"template"`
		} `json:"spec"`
	}
	before, err := get[template](ctx, f.kind, f.name)
	if err != nil {
		return nil, err
	}
	scale := func(ctx context.Context, least string) error {
		_, err := kubectl(ctx, "patch", f.kind, f.name, "--type=merge", "-p",
			`{"spec":{"template":{"metadata":{"annotations":{"`+minScale+`":`+least+`}}}}}`)
		return err
	}
	was := "null" // removes it
	if value, set := before.Spec.Template.Metadata.Annotations[minScale]; set {
		was = strconv.Quote(value)
	}
	return func(ctx context.Context) error { return scale(ctx, was) }, scale(ctx, strconv.Quote(strconv.Itoa(n)))
}

// A function keeps as many replicas after the test as before.
func TestScaleAtLeast_IsRestored(t *testing.T) {
	for annotations, want := range map[string]string{`{}`: `null`, `{"` + minScale + `":"1"}`: `"1"`} {
		stub := t.TempDir()
		script := "#!/bin/sh\necho \"$*\" >>" + stub + "/calls\n" +
			`case "$*" in *" get "*) echo '{"spec":{"template":{"metadata":{"annotations":` + annotations + `}}}}' ;; esac` + "\n"
		check.NoError(t, os.WriteFile(filepath.Join(stub, "kubectl"), []byte(script), 0o700))
		t.Setenv("PATH", stub+string(os.PathListSeparator)+os.Getenv("PATH"))
		restore := check.Must(scaleAtLeast(t.Context(), function{name: "dead-letter", kind: serving}, 2))(t)
		check.NoError(t, restore(t.Context()))
		calls := strings.Split(strings.TrimSpace(string(check.Must(os.ReadFile(filepath.Join(stub, "calls")))(t))), "\n")
		if len(calls) != 3 || !strings.Contains(calls[1], minScale+`":"2"`) || !strings.Contains(calls[2], minScale+`":`+want+`}`) {
			t.Errorf("%s: %q, want %s at the end", annotations, calls, want)
		}
	}
}

// again writes the records with a key once more, as after a crash of the broker or the source.
func again(ctx context.Context, t *testing.T, at world.Place, topics *client.Topics, topic, key string, n int) {
	t.Helper()
	records := check.Must(topics.Await(ctx, topic, key, func(r []*kgo.Record) bool { return len(r) >= n }))(t)
	for _, r := range records {
		produce(ctx, t, at, topic, r.Key, r.Value)
	}
}

func listen(t *testing.T, at world.Place, topic string) *client.Topics {
	t.Helper()
	topics := check.Must(client.OpenTopics(strings.Split(at.KafkaBrokers, ","), []string{topic}, time.Now().Add(-time.Minute), nil))(t)
	t.Cleanup(topics.Close)
	return topics
}

func singleOccurrences(ctx context.Context, t *testing.T, at world.Place) string {
	const users = 4
	topics := listen(t, at, "task-events")
	for range users {
		ada, session := newUser(ctx, t, at)
		complete(ctx, t, ada)
		again(ctx, t, at, topics, "task-events", session.User.ID, 2)
		spawned(ctx, t, ada)
		eventually.Succeeds(ctx, t, "the duplicates are read", func() error { return lag(ctx, at, spawner, "task-events") })
		spawned(ctx, t, ada)
	}
	return fmt.Sprintf("%d completed tasks, every event twice: %d next occurrences", users, users)
}

func singleLetters(ctx context.Context, t *testing.T, at world.Place) string {
	db := check.Must(pgx.Connect(ctx, at.DatabaseURL))(t)
	defer db.Close(ctx)
	poison := client.Event{
		SpecVersion: "1.0", ID: rand.Text(), Source: "/cluster-test", Type: "task.completed", Subject: "nobody",
		Data: json.RawMessage(`{"task":{"recurrence":{}}}`),
	}
	for range 2 {
		produce(ctx, t, at, "task-events", []byte("nobody"), check.Must(json.Marshal(poison))(t))
	}
	eventually.Succeeds(ctx, t, "both are read", func() error { return lag(ctx, at, spawner, "task-events") })
	// Only of this consumer: mcp reads the topic too, and has its own dead letter.
	var rows, failures int
	eventually.Succeeds(ctx, t, "both are stored", func() error {
		err := db.QueryRow(ctx, `SELECT count(*), coalesce(sum(failures), 0) FROM dead_letter WHERE source = $1 AND event_id = $2 AND consumer = $3`, poison.Source, poison.ID, spawner).
			Scan(&rows, &failures)
		if err == nil && failures < 2 {
			err = fmt.Errorf("%d failures are counted", failures)
		}
		return err
	})
	if rows != 1 {
		t.Errorf("%d dead letters of one event", rows)
	}
	return fmt.Sprintf("one event refused %d times by recurring-spawn: %d dead letter", failures, rows)
}

func singleNotifications(ctx context.Context, t *testing.T, at world.Place) string {
	needs(ctx, t, "overdue-check", "reminder-fan-in", "notifications")
	topics := listen(t, at, "reminders")
	ada, session := newUser(ctx, t, at)
	awake(ctx, t, "tasks")
	check.Must(ada.CreateTask(ctx, client.Fields{"title": "Late", "due_at": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)}))(t)
	again(ctx, t, at, topics, "reminders", session.User.ID, 1)
	db := check.Must(pgx.Connect(ctx, at.DatabaseURL))(t)
	defer db.Close(ctx)
	count := func() (n int, err error) {
		err = db.QueryRow(ctx, `SELECT count(*) FROM notification WHERE user_id = $1`, session.User.ID).Scan(&n)
		return n, err
	}
	eventually.Succeeds(ctx, t, "the notification is there", func() error {
		n, err := count()
		if err == nil && n == 0 {
			err = fmt.Errorf("no notification")
		}
		return err
	})
	eventually.Succeeds(ctx, t, "the duplicate is read", func() error { return lag(ctx, at, "reminder-fan-in", "reminders") })
	if n := check.Must(count())(t); n != 1 {
		t.Errorf("%d notifications of one reminder", n)
	}
	return "an overdue task, its reminder delivered twice: one notification"
}
