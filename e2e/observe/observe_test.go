// Package observe tests what operators see of the running stack: its metrics and its alerts. It runs after the other
// end-to-end tests, so that everything that can be measured has happened, and beside those in the browser.
package observe

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/shared/eventually"
	"taskwire.dev/tools/observability"
)

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
	check.NoError(t, w.values.Operate(t.Context(), "role", in.Email, "admin"))
	w.admin = anybody.As(check.Must(anybody.Login(t.Context(), in.Email, in.Password))(t).AccessToken)
	return w
}

// TestMetrics_OfRulesAndBoardsAreEmitted: a board or an alert on a metric that nobody emits shows nothing, for ever.
func TestMetrics_OfRulesAndBoardsAreEmitted(t *testing.T) {
	w := setup(t)
	catalogue := check.Must(observability.Catalogue(w.Root()))(t)
	wanted := slices.DeleteFunc(catalogue, func(m observability.Metric) bool { return m.By != "functions" && m.By != "sidecars" })
	var missing []string
	eventually.Within(t, time.Minute, "all metrics are emitted", func() bool {
		missing = check.Must(observability.Missing(t.Context(), w.values.Observe.MetricsURL, wanted))(t)
		return len(missing) == 0
	})
	if len(missing) > 0 {
		t.Errorf("never emitted: %s", strings.Join(missing, ", "))
	}
}

// alert is one that is pending or fires.
type alert struct {
	State       string            `json:"state"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// firing returns the alert of that name and label which fires, or nil.
func (w world) firing(ctx context.Context, name, label, value string) (*alert, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.values.Observe.MetricsURL+"/api/v1/alerts", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Data struct {
			Alerts []alert `json:"alerts"`
		} `json:"data"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("alerts: %s: %w", response.Status, err)
	}
	for _, a := range answer.Data.Alerts {
		if a.Labels["alertname"] == name && a.Labels[label] == value && a.State == "firing" {
			return &a, nil
		}
	}
	return nil, nil
}

// awaitAlert waits until the alert fires, and checks that it says where to read on.
func (w world) awaitAlert(t *testing.T, name, label, value string) {
	t.Helper()
	var found *alert
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

// TestAlert_ConsumerLag: it fires while a consumer is more than 10 s behind, and clears when it has caught up.
func TestAlert_ConsumerLag(t *testing.T) {
	t.Parallel()
	w := setup(t)
	const consumer = "mcp"
	check.NoError(t, w.Hold(t.Context(), stack.Sidecar(consumer)))
	held := true
	release := func(ctx context.Context) {
		if held {
			check.NoError(t, w.Release(ctx, stack.Sidecar(consumer)))
			held = false
		}
	}
	t.Cleanup(func() { release(context.WithoutCancel(t.Context())) })
	check.Must(w.admin.CreateTask(t.Context(), client.Fields{"title": "Waits for the consumer"}))(t)
	w.awaitAlert(t, "ConsumerLag", "group", consumer)
	release(t.Context())
	w.awaitAllClear(t, "ConsumerLag", "group", consumer)
}

// TestAlert_DeadLetters fires on a poisoned event, and clears when an administrator has dealt with it.
func TestAlert_DeadLetters(t *testing.T) {
	t.Parallel()
	w := setup(t)
	consumer, id := "alert-"+strings.ToLower(rand.Text()), rand.Text()
	kafka := check.Must(kgo.NewClient(kgo.SeedBrokers(strings.Split(w.values.KafkaBrokers, ",")...), kgo.DefaultProduceTopic("dead-letters")))(t)
	defer kafka.Close()
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
