package consumer

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/telemetry"
)

const appToken = "the sidecar's own"

// bundle is a consumer of task-events whose handler returns the fault set for the event's id.
type bundle struct {
	http.Handler
	mu        sync.Mutex
	handled   []string
	published []deadletter.DeadLetter
	away      bool // the broker
	ready     func() bool
	faults    map[string]error
	context   func(context.Context)
}

func setup(_ *testing.T) *bundle {
	b := &bundle{faults: map[string]error{}}
	rt := &httpapi.Router{}
	ready := func(context.Context) (bool, error) { return b.ready == nil || b.ready(), nil }
	New("recurring-spawn", b, b.handle).Needs(ready).Mount(rt, dapr.Config{AppToken: appToken}, "task-events")
	b.Handler = rt
	return b
}

func (b *bundle) handle(ctx context.Context, event cloudevents.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.handled = append(b.handled, event.ID())
	if b.context != nil {
		b.context(ctx)
	}
	if event.ID() == "panic" {
		panic("the handler of this test panics on purpose")
	}
	return b.faults[event.ID()]
}

func (b *bundle) Publish(_ context.Context, l deadletter.DeadLetter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return fault.WrapUnavailable("the broker", errors.New("gone"))
	}
	b.published = append(b.published, l)
	return nil
}

func (b *bundle) post(t *testing.T, path, contentType, body string, header ...string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("dapr-api-token", appToken)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func event(id, user string) string {
	return fmt.Sprintf(`{"specversion":"1.0","id":%q,"source":"/users/x/tasks","type":"task.completed","partitionkey":%q,"data":{"n":1}}`, id, user)
}

const (
	route      = "/internal/events/task-events"
	structured = "application/cloudevents+json"
)

// bulk is a bulk delivery of Dapr 1.18 with rawPayload.
func bulk(records ...string) string {
	entries := make([]string, len(records))
	for i, r := range records {
		entries[i] = fmt.Sprintf(`{"entryId":"%d","contentType":"application/cloudevents+json","event":"%s"}`, i, base64.StdEncoding.EncodeToString([]byte(r)))
	}
	return `{"id":"","type":"com.dapr.event.sent.bulk","topic":"task-events","pubsubname":"pubsub","entries":[` + strings.Join(entries, ",") + `]}`
}

func statuses(t *testing.T, body string) (out []string) {
	t.Helper()
	var answer struct {
		Statuses []struct{ EntryID, Status string }
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatalf("%q: %v", body, err)
	}
	for i, s := range answer.Statuses {
		if s.EntryID != fmt.Sprint(i) {
			t.Fatalf("status %d is of entry %s", i, s.EntryID)
		}
		out = append(out, s.Status)
	}
	return out
}

var (
	passing = fault.WrapUnavailable("the database", errors.New("gone"))
	poison  = fault.New(fault.Invalid, "the rule has no BYDAY")
)

func TestOnlyTheSidecarMayDeliver(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/", route} {
		b := setup(t)
		for _, token := range []string{"", "wrong", appToken + "x"} {
			if status, _ := b.post(t, path, structured, event("1", "u"), "dapr-api-token", token); status != 404 || len(b.handled) > 0 {
				t.Errorf("%s with token %q: %d, handled %v", path, token, status, b.handled)
			}
		}
		if status, _ := b.post(t, path, structured, event("1", "u")); status >= 300 || !slices.Equal(b.handled, []string{"1"}) {
			t.Errorf("%s with the token: %d, handled %v", path, status, b.handled)
		}
	}
}

func TestKafkaSource_GetsTheResult(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		id    string
		fault error
		want  int
		calls int
		took  time.Duration
	}{
		"done":           {"1", nil, 204, 1, 0},
		"poison":         {"1", poison, 422, 1, 0},
		"not found":      {"1", fault.New(fault.NotFound, "no such task"), 422, 1, 0},
		"a passing one":  {"1", passing, 503, 4, 7 * time.Second},
		"too often":      {"1", &fault.Error{Code: fault.RateLimited, Detail: "later"}, 503, 4, 7 * time.Second},
		"unknown errors": {"1", errors.New("what is this"), 422, Tries, 7 * time.Second},
		"a panic":        {"panic", nil, 422, Tries, 7 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, start := setup(t), time.Now()
				b.faults[c.id] = c.fault
				status, body := b.post(t, "/", structured, event(c.id, "u"))
				if status != c.want || len(b.published) > 0 || len(b.handled) != c.calls || time.Since(start) != c.took {
					t.Errorf("%d after %v and %d tries; published %v", status, time.Since(start), len(b.handled), b.published)
				}
				if c.want == 204 && body != "" {
					t.Errorf("a body: %q", body)
				}
				if c.want == 422 && c.id != "panic" && !strings.Contains(body, fault.From(c.fault).Detail) && !strings.Contains(body, c.fault.Error()) {
					t.Errorf("the reason is not in the response, which becomes knativeerrordata: %s", body)
				}
			})
		})
	}
	b := setup(t)
	if status, _ := b.post(t, "/", "application/json", `{"no":"event"}`); status != 422 {
		t.Errorf("not an event: %d, want 422", status)
	}
	status, _ := b.post(t, "/", "application/json", `{}`, "ce-specversion", "1.0", "ce-id", "binary", "ce-source", "/x", "ce-type", "t")
	if status != 204 || !slices.Equal(b.handled, []string{"binary"}) {
		t.Errorf("binary mode: %d, %v", status, b.handled)
	}
}

// A KafkaSource delivers a record that is not an event inside an event, with the record's content type.
func TestKafkaSource_ARecordThatIsNotAnEventIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	around := []string{
		"ce-specversion", "1.0", "ce-type", "dev.knative.kafka.event", "ce-source", "/apis/v1/namespaces/taskwire/kafkasources/mcp#task-events",
		"ce-id", "partition:0/offset:7", "ce-subject", "partition:0#7", "ce-knativekafkapartition", "0", "ce-knativekafkaoffset", "7", "Prefer", "reply",
	}
	for name, c := range map[string]struct{ contentType, body string }{
		"without a value":           {"", ""},
		"bytes":                     {"application/octet-stream", "\x00\xff"},
		"claims to be an event":     {structured, `{"hello":1}`},
		"in capitals":               {"Application/CloudEvents+JSON; charset=utf-8", `{"specversion":`},
		"claims to be a batch":      {"application/cloudevents-batch+json", `[]`},
		"a content type of nothing": {"nonsense;;", "x"},
	} {
		b := setup(t)
		if status, body := b.post(t, "/", c.contentType, c.body, around...); status != 422 || len(b.handled) > 0 {
			t.Errorf("%s: %d %s, handled %v", name, status, body, b.handled)
		}
	}
}

func TestDapr_GetsTheResult(t *testing.T) {
	t.Parallel()
	raw := event("1", "u")
	wrapped := fmt.Sprintf(`{"id":"r","specversion":"1.0","source":"Dapr","type":"com.dapr.event.sent","topic":"task-events","pubsubname":"pubsub","datacontenttype":"application/octet-stream","data_base64":"%s"}`,
		base64.StdEncoding.EncodeToString([]byte(raw)))
	for name, body := range map[string]string{"as it is": raw, "raw": wrapped} {
		b := setup(t)
		if status, answer := b.post(t, route, structured, body); status != 200 || answer != "" || !slices.Equal(b.handled, []string{"1"}) {
			t.Errorf("%s: done: %d %q, handled %v", name, status, answer, b.handled)
		}
		b.faults["1"] = poison
		if status, answer := b.post(t, route, structured, body); status != 200 || answer != "" {
			t.Errorf("%s: refused: %d %q", name, status, answer)
		}
		if len(b.published) != 1 || string(b.published[0].Event) != raw || b.published[0].Consumer != "recurring-spawn" ||
			b.published[0].Topic != "task-events" || !strings.Contains(b.published[0].Reason, "BYDAY") || b.published[0].Attempts != 1 {
			t.Errorf("%s: published %+v", name, b.published)
		}
	}
}

func TestADeadLetterThatCannotBePublishedIsNotLost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.faults["1"], b.away = poison, true
	if status, _ := b.post(t, route, structured, event("1", "u")); status != 503 {
		t.Errorf("%d, want 503: Dapr must redeliver it", status)
	}
	if status, body := b.post(t, route, structured, bulk(event("1", "u"))); status != 200 || !slices.Equal(statuses(t, body), []string{"RETRY"}) {
		t.Errorf("bulk: %d %s", status, body)
	}
}

func TestAnEventThatFailsEveryTryBecomesADeadLetter(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"panic", "unknown"} {
		synctest.Test(t, func(t *testing.T) {
			b, start := setup(t), time.Now()
			b.faults["unknown"] = errors.New("panic: what is this")
			header := []string{"__partition", "2", "__offset", "40317"}
			if status, _ := b.post(t, route, structured, event(id, "u"), header...); status != 200 || len(b.handled) != Tries || time.Since(start) != 7*time.Second {
				t.Fatalf("%s: %d after %v and %d tries", id, status, time.Since(start), len(b.handled))
			}
			if len(b.published) != 1 || b.published[0].Attempts != Tries || !strings.Contains(b.published[0].Reason, "panic") || b.published[0].Unavailable ||
				*b.published[0].Position != (deadletter.Position{Partition: 2, Offset: 40317}) {
				t.Errorf("%s: published %+v", id, b.published)
			}
		})
	}
}

func TestAnOutageUsesUpNoTries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := setup(t)
		b.ready = func() bool { return false }
		b.faults["1"] = passing
		for range 50 { // more than five minutes
			if status, _ := b.post(t, route, structured, event("1", "u")); status != 503 || len(b.published) > 0 {
				t.Fatalf("%d, published %+v", status, b.published)
			}
		}
		// It becomes available while a delivery waits: that delivery succeeds.
		time.AfterFunc(2*time.Second, func() {
			b.mu.Lock()
			delete(b.faults, "1")
			b.mu.Unlock()
		})
		if status, _ := b.post(t, route, structured, event("1", "u")); status != 200 || len(b.published) > 0 {
			t.Errorf("back again: %d, published %+v", status, b.published)
		}
	})
}

// If something is unavailable for one event only, that event must not block the others forever, although it is not poison.
func TestAnOutageForOneEventOnlyDoesNotBlockOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := setup(t)
		b.faults["1"] = passing
		outage := true
		b.ready = func() bool { return !outage }
		for range 30 {
			b.post(t, route, structured, event("1", "u"))
		}
		outage = false
		start := time.Now()
		for len(b.published) == 0 {
			if status, _ := b.post(t, route, structured, event("1", "u")); time.Since(start) > MaxWait+Hold {
				t.Fatalf("%d after %v", status, time.Since(start))
			}
		}
		if l := b.published[0]; time.Since(start) < MaxWait || !l.Unavailable || !strings.Contains(l.Reason, "database") {
			t.Errorf("after %v: %+v", time.Since(start), l)
		}
		if status, _ := b.post(t, route, structured, event("1", "u")); status != 503 {
			t.Errorf("redelivered, it waits from the beginning, not: %d", status)
		}
	})
}

func TestARedrivenEventIsForItsConsumerOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, whom := range []string{"webhook-notifier", "recurring-spawn"} {
		again := fmt.Sprintf(`{"%s":%q,%s`, deadletter.ExtensionRedrive, whom, event(whom, "u")[1:])
		if status, _ := b.post(t, route, structured, again); status != 200 {
			t.Errorf("%s: %d", whom, status)
		}
		if status, _ := b.post(t, "/", structured, again); status != 204 {
			t.Errorf("%s: %d", whom, status)
		}
	}
	if !slices.Equal(b.handled, []string{"recurring-spawn", "recurring-spawn"}) {
		t.Errorf("handled %v", b.handled)
	}
}

func TestHandlersGetTheTrace(t *testing.T) {
	t.Parallel()
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	b := setup(t)
	var got string
	b.context = func(ctx context.Context) { got = telemetry.Traceparent(ctx) }
	b.post(t, route, structured, strings.Replace(event("1", "u"), `"id"`, `"traceparent":"`+parent+`","id"`, 1))
	if got != parent {
		t.Errorf("traceparent %q", got)
	}
}

// The three places that define the schedule match.
func TestTheScheduleMatchesDaprAndKnative(t *testing.T) {
	t.Parallel()
	pauses, pause := time.Duration(0), firstPause
	for range Tries - 1 {
		pauses, pause = pauses+pause, min(2*pause, maxPause)
	}
	if pauses > Hold {
		t.Errorf("all tries take %v, and a delivery has %v", pauses, Hold)
	}
	const handled = 5 * time.Second // postgres.Timeout: the last attempt may take that long
	find := func(path, pattern string) []string {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(pattern).FindStringSubmatch(string(content))
		if m == nil {
			t.Fatalf("%s does not have %s", path, pattern)
		}
		return m[1:]
	}
	// Laptop: while something is unavailable, Dapr redelivers without limit.
	find("../../dapr/base/resiliency.yaml", `\n      delivery:\n        policy: constant\n        duration: 1s\n        maxRetries: -1\n`)
	// Cluster: within about two minutes a record is delivered or with the dead-letter sink, however its deliveries fail.
	source := find("../../eventing/base/delivery.yaml", `retry: (\d+)\n\s+backoffPolicy: linear\n\s+backoffDelay: PT(\d+)S\n\s+timeout: PT(\d+)S\n`)
	number := func(s string) time.Duration {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return time.Duration(n)
	}
	retry, delay, timeout := number(source[0]), number(source[1])*time.Second, number(source[2])*time.Second
	if timeout <= Hold+handled {
		t.Errorf("the source times out after %v, but a delivery may take %v", timeout, Hold+handled)
	}
	worst := (retry+1)*timeout + delay*retry*(retry+1)/2
	if worst > 150*time.Second {
		t.Errorf("one record may block its group for %v", worst)
	}
}
