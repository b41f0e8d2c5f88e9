// Package observe tests what operators see of the running stack: its metrics and its alerts. It runs after the other
// end-to-end tests, so that everything that can be measured has happened, and beside those in the browser.
package observe

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/shared/eventually"
	"taskwire.dev/tools/observability"
)

// topic is what the consumer of these tests reads.
const topic = "task-events"

// alertTimeout is longer than an alert's pause, two evaluations and an export take together.
const alertTimeout = 3 * time.Minute

// world is the stack of the end-to-end tests.
type world struct {
	*stack.Stack
	values stack.Values
	admin  *client.Client
}

func setup(t *testing.T) world {
	t.Helper()
	profile := os.Getenv("TASKWIRE_PROFILE")
	if profile == "" {
		t.Fatal("TASKWIRE_PROFILE is not set: run `make test`")
	}
	s := check.Must(stack.Open(profile))(t)
	w := world{Stack: s, values: check.Must(s.Values(t.Context()))(t)}
	if w.values.Observe.MetricsURL == "" {
		t.Fatalf("the stack %s was started without --observe", profile)
	}
	anybody := client.New(w.values.GatewayURL, http.DefaultTransport).Patient()
	in := client.Credentials{Email: "ops." + rand.Text() + "@example.com", Password: rand.Text(), Name: "Ops"}
	check.Must(anybody.Register(t.Context(), in))(t)
	check.NoError(t, w.values.Operate(t.Context(), "user", "role", in.Email, "admin"))
	w.admin = anybody.As(check.Must(anybody.Login(t.Context(), in.Email, in.Password))(t).AccessToken)
	return w
}

// TestMetrics_OfRulesAndBoardsAreEmitted: a board or an alert on a metric that nobody emits shows nothing, for ever.
func TestMetrics_OfRulesAndBoardsAreEmitted(t *testing.T) {
	w := setup(t)
	catalogue := check.Must(observability.Catalogue(w.Root()))(t)
	wanted := slices.DeleteFunc(catalogue, func(m observability.Metric) bool { return m.By != "functions" && m.By != "sidecars" })
	eventually.Succeeds(check.Within(t, time.Minute), t, "all metrics are emitted", func() error {
		missing, err := observability.Missing(t.Context(), w.values.Observe.MetricsURL, wanted)
		if err == nil && len(missing) > 0 {
			err = fmt.Errorf("never emitted: %s", strings.Join(missing, ", "))
		}
		return err
	})
}

// firing returns the alert of that name and label which fires, or nil.
func (w world) firing(ctx context.Context, name, label, value string) (*observability.Alert, error) {
	alerts, err := observability.Alerts(ctx, w.values.Observe.MetricsURL)
	if err != nil {
		return nil, err
	}
	for _, a := range alerts {
		if a.Labels["alertname"] == name && a.Labels[label] == value && a.State == "firing" {
			return &a, nil
		}
	}
	return nil, nil
}

// awaitAlert waits until the alert fires, and checks that it says where to read on.
func (w world) awaitAlert(t *testing.T, name, label, value string) {
	t.Helper()
	var found *observability.Alert
	eventually.Within(t, alertTimeout, name+" fires", func() bool {
		found = check.Must(w.firing(t.Context(), name, label, value))(t)
		return found != nil
	})
	if want := "docs/runbooks.md#" + strings.ToLower(name); !strings.HasSuffix(found.Annotations["runbook_url"], want) {
		t.Errorf("%s names the runbook %q", name, found.Annotations["runbook_url"])
	}
}

func (w world) awaitAllClear(t *testing.T, name, label, value string) {
	t.Helper()
	eventually.Within(t, alertTimeout, name+" clears", func() bool {
		return check.Must(w.firing(t.Context(), name, label, value))(t) == nil
	})
}

// TestAlert_ConsumerLag: it fires while a consumer is more than 10 s behind, and clears when it has caught up. The consumer
// is one more gateway to the broker, since the tests in the browser need all of the platform's. Lags has them under one name.
func TestAlert_ConsumerLag(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.joinGroup(t, "sse-"+strings.ToLower(rand.Text()))
	c.catchUp(t)
	check.Must(w.admin.CreateTask(t.Context(), client.Fields{"title": "Waits for the consumer"}))(t)
	w.awaitAlert(t, "ConsumerLag", "group", "gateway")
	c.catchUp(t)
	w.awaitAllClear(t, "ConsumerLag", "group", "gateway")
}

// consumer is the one member of a consumer group of task-events.
type consumer struct{ kafka *kgo.Client }

func (w world) joinGroup(t *testing.T, group string) consumer {
	t.Helper()
	joined := make(chan struct{}, 1)
	c := consumer{w.kafka(t,
		kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.AutoCommitMarks(),
		kgo.OnPartitionsAssigned(func(context.Context, *kgo.Client, map[string][]int32) { joined <- struct{}{} }))}
	t.Cleanup(func() {
		c.catchUp(t) // no alert is left behind
		check.NoError(t, c.kafka.LeaveGroupContext(context.WithoutCancel(t.Context())))
		check.Must(kadm.NewClient(c.kafka).DeleteGroup(context.WithoutCancel(t.Context()), group))(t)
	})
	select {
	case <-joined:
	case <-check.Within(t, time.Minute).Done():
		t.Fatalf("the consumer group %s got no partitions", group)
	}
	return c
}

// catchUp commits the ends of all partitions.
func (c consumer) catchUp(t *testing.T) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	ends := check.Must(kadm.NewClient(c.kafka).ListEndOffsets(ctx, topic))(t)
	check.NoError(t, ends.Error())
	marks := map[int32]kgo.EpochOffset{}
	for partition, end := range ends[topic] {
		marks[partition] = kgo.EpochOffset{Epoch: end.LeaderEpoch, Offset: end.Offset}
	}
	c.kafka.MarkCommitOffsets(map[string]map[int32]kgo.EpochOffset{topic: marks})
	check.NoError(t, c.kafka.CommitMarkedOffsets(ctx))
}

// kafka returns a client of the broker.
func (w world) kafka(t *testing.T, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	servers := kgo.SeedBrokers(strings.Split(w.values.KafkaBrokers, ",")...)
	kafka := check.Must(kgo.NewClient(append(options, servers)...))(t)
	t.Cleanup(kafka.Close)
	return kafka
}

// TestAlert_DeadLetters fires on a poisoned event, and clears when an administrator has dealt with it.
func TestAlert_DeadLetters(t *testing.T) {
	t.Parallel()
	w := setup(t)
	consumer, id := "alert-"+strings.ToLower(rand.Text()), rand.Text()
	kafka := w.kafka(t, kgo.DefaultProduceTopic("dead-letters"))
	poison := fmt.Appendf(nil, `{"deadletterid":%q,"deadletterreason":"invalid: poison","deadletterconsumer":%q,"deadlettertopic":"task-events",`+
		`"deadletterattempts":4,"specversion":"1.0","id":%q,"source":"/test","type":"task.created","data":{}}`, id, consumer, id)
	check.NoError(t, kafka.ProduceSync(t.Context(), &kgo.Record{Value: poison, Headers: []kgo.RecordHeader{{Key: "content-type", Value: []byte("application/cloudevents+json")}}}).FirstErr())
	w.awaitAlert(t, "DeadLetters", "consumer", consumer)

	answer := check.Must(w.admin.Do(t.Context(), client.Request{Method: http.MethodGet, Path: "/api/admin/dead-letters?consumer=" + consumer}))(t)
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	check.NoError(t, answer.Decode("list", http.StatusOK, &page))
	for _, letter := range page.Items {
		discarded := check.Must(w.admin.Do(t.Context(), client.Request{Method: http.MethodDelete, Path: "/api/admin/dead-letters/" + letter.ID}))(t)
		if discarded.Status != http.StatusNoContent {
			t.Errorf("discard: %d %s", discarded.Status, discarded.Body)
		}
	}
	w.awaitAllClear(t, "DeadLetters", "consumer", consumer)
}
