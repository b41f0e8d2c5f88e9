package e2e

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// tracesURL is Jaeger's query API; empty on a cluster whose traces go elsewhere.
var tracesURL = os.Getenv("TASKWIRE_TRACES_URL")

// hop is a span, written "service: name".
type hop string

// newTrace returns a traceparent as a client sends it, and its trace id.
func newTrace(t *testing.T) (traceparent, id string) {
	t.Helper()
	var b [24]byte
	check.Must(rand.Read(b[:]))(t)
	id = hex.EncodeToString(b[:16])
	return "00-" + id + "-" + hex.EncodeToString(b[16:]) + "-01", id
}

// hops returns the spans of a trace that Jaeger has so far.
func hops(ctx context.Context, id string) ([]hop, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, tracesURL+"/api/traces/"+id, nil)
	if err != nil {
		return nil, err
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode == http.StatusNotFound {
		return nil, nil
	}
	var answer struct {
		Data []struct {
			Spans []struct {
				ProcessID     string `json:"processID"`
				OperationName string `json:"operationName"`
			} `json:"spans"`
			Processes map[string]struct {
				ServiceName string `json:"serviceName"`
			} `json:"processes"`
		} `json:"data"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("%s: %w", response.Status, err)
	}
	var found []hop
	for _, trace := range answer.Data {
		for _, span := range trace.Spans {
			found = append(found, hop(trace.Processes[span.ProcessID].ServiceName+": "+span.OperationName))
		}
	}
	return found, nil
}

// awaitHops waits until the trace has each of the wanted spans, as often as it is named.
func awaitHops(t *testing.T, id string, wanted ...hop) {
	t.Helper()
	var missing, found []hop
	defer func() {
		if t.Failed() {
			slices.Sort(found)
			t.Logf("missing %q\nof the spans %q", missing, found)
		}
	}()
	eventually.Within(t, timeout, "all hops in trace "+id, func() bool {
		found = check.Must(hops(t.Context(), id))(t)
		left := slices.Clone(found)
		missing = nil
		for _, want := range wanted {
			if i := slices.Index(left, want); i >= 0 {
				left = slices.Delete(left, i, i+1)
			} else {
				missing = append(missing, want)
			}
		}
		return len(missing) == 0
	})
}

// needTraces skips a test where no traces can be read. Such a test does not run beside others: with every trace sampled, their
// 900 requests a second push one out of Jaeger, which keeps the newest 5,000, before its last span is there.
func needTraces(t *testing.T) {
	t.Helper()
	if tracesURL == "" {
		t.Skip("TASKWIRE_TRACES_URL is not set: the cluster's JAEGER_QUERY_URL is empty, so no store of traces can be queried; on a laptop start the stack with --observe")
	}
}

// TestTrace_OfACompletion_HasEveryHop: from the client's traceparent through the gateway, the change, the outbox and
// each consumer to the successor and the frames on another screen.
func TestTrace_OfACompletion_HasEveryHop(t *testing.T) {
	needTraces(t)
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Water", "due_at": "2030-01-01T08:00:00Z", "timezone": "UTC", "recurrence": client.Fields{"rrule": "FREQ=DAILY"}})
	screen := open(t, u)
	traceparent, id := newTrace(t)
	answer := do(t, u.Client, client.Request{
		Method: http.MethodPatch, Path: "/api/todos/" + task.ID + "/complete", JSON: client.Fields{"completed": true},
		Header: map[string]string{"Traceparent": traceparent},
	})
	expectStatus(t, answer, http.StatusOK)
	if named := answer.Header.Get("Traceresponse"); !strings.HasPrefix(named, "00-"+id+"-") {
		t.Errorf("the answer names %q", named)
	}
	for _, frame := range screen.changes(t, 2) { // the completion, and the successor
		if !strings.HasPrefix(frame.Traceparent, "00-"+id+"-") {
			t.Errorf("the frame of %s names %q", frame.ChangeType, frame.Traceparent)
		}
	}
	awaitHops(t, id,
		"gateway: PATCH /api/todos", "gateway: PATCH tasks", "tasks: PATCH /api/todos/{id}/complete",
		"tasks: userlog change", "tasks: publish task-events", "tasks: publish task-updates",
		"recurring-spawn: process task.completed", "recurring-spawn: userlog change",
		"recurring-spawn: publish task-events", "recurring-spawn: publish task-updates",
		"mcp: process task.completed", "mcp: process task.created",
		"gateway: stream frame", "gateway: stream frame")
}

// TestTrace_OfAReminder_GoesFromTheTickToTheScreen.
func TestTrace_OfAReminder_GoesFromTheTickToTheScreen(t *testing.T) {
	needTraces(t)
	u := newUser(t)
	screen := open(t, u)
	u.create(t, soonDue("Due soon"))
	var told struct {
		Traceparent string `json:"traceparent"`
	}
	for told.Traceparent == "" {
		frame := check.Must(screen.NextEvent(check.Within(t, timeout)))(t)
		if frame.Event == "sync.notification-created" {
			check.NoError(t, json.Unmarshal(frame.Data, &told))
		}
	}
	tick := hop("overdue-check: POST /cron-overdue-check") // from the sidecar's clock
	if onCluster {
		tick = "overdue-check: POST /" // from the PingSource
	}
	awaitHops(t, strings.Split(told.Traceparent, "-")[1],
		tick, "overdue-check: publish reminders",
		"reminder-fan-in: process reminder.upcoming", "reminder-fan-in: userlog change", "gateway: stream frame")
}

// TestTrace_OfARedrivenDeadLetter_GoesOn: the event that is sent again is still in the trace of its change.
func TestTrace_OfARedrivenDeadLetter_GoesOn(t *testing.T) {
	needTraces(t)
	admin := newAdmin(t)
	traceparent, id := newTrace(t)
	do(t, admin.Client, client.Request{
		Method: http.MethodPost, Path: "/api/todos", JSON: client.Fields{"title": "Poison"}, Header: map[string]string{"Traceparent": traceparent},
	})
	event := awaitRecords(t, taskEvents, admin, 1)[0].Value
	letterID, consumer := rand.Text(), "mcp"
	record := append(fmt.Appendf(nil, `{"deadletterid":%q,"deadletterreason":"invalid: poison","deadletterconsumer":%q,"deadlettertopic":"task-events","deadletterattempts":6,`, letterID, consumer), event[1:]...)
	publishDeadLetter(t, record, structuredHeader)
	var kept letter
	eventually.Within(t, timeout, "the dead letter", func() bool {
		var about struct {
			ID string `json:"id"`
		}
		check.NoError(t, json.Unmarshal(event, &about))
		letters := admin.letters(t, "?consumer="+consumer+"&limit=200")
		i := slices.IndexFunc(letters, func(l letter) bool { return l.EventID != nil && *l.EventID == about.ID })
		if i >= 0 {
			kept = letters[i]
		}
		return i >= 0
	})
	expectStatus(t, do(t, admin.Client, client.Request{Method: http.MethodPost, Path: deadLettersPath + "/" + kept.ID + "/redrive"}), http.StatusOK)
	awaitHops(t, id,
		"gateway: POST /api/todos", "tasks: publish task-events", "mcp: process task.created",
		"dead-letter: redrive task-events", "mcp: process task.created")
	expectStatus(t, do(t, admin.Client, client.Request{Method: http.MethodDelete, Path: deadLettersPath + "/" + kept.ID}), http.StatusNoContent)
}
