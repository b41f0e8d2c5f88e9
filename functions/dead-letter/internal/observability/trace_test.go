package observability

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/fault"
)

// recordedTrace is the completion of a recurring task, recorded from Jaeger 1.76: testdata/trace.json.
const recordedTrace = "25c70653bab5b136ba9bcbe8fa5f8516"

// serve answers like a store; answers maps a path to a body, or to a status.
func serve(t *testing.T, answers map[string]any) Config {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch answer := answers[r.URL.RequestURI()].(type) {
		case string:
			_, _ = w.Write([]byte(answer))
		case int:
			w.WriteHeader(answer)
		case func():
			answer()
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	return Config{TracesURL: server.URL + "/", RulesURL: server.URL}
}

func recorded(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func traces(t *testing.T, c Config) *Traces {
	t.Helper()
	store, err := NewTraces(c)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestTheRecordedTrace(t *testing.T) {
	t.Parallel()
	store := traces(t, serve(t, map[string]any{"/api/traces/" + recordedTrace: recorded(t, "trace.json")}))
	got, err := store.Get(t.Context(), recordedTrace)
	if err != nil {
		t.Fatal(err)
	}
	if got.TraceID != recordedTrace || !got.Complete || got.Truncated || len(got.Spans) != 60 {
		t.Fatalf("%d spans, complete %v, truncated %v", len(got.Spans), got.Complete, got.Truncated)
	}
	if !slices.IsSortedFunc(got.Spans, func(a, b Span) int { return a.Start.Compare(b.Start) }) {
		t.Error("the spans are not in the order of their start")
	}
	root := got.Spans[0]
	if root.Service != "gateway" || root.Name != "PATCH /api/todos" || root.Kind != "server" || root.ParentID != nil || root.DurationUS != 50587 || root.Error {
		t.Errorf("the first span: %+v", root)
	}
	encoded, err := json.Marshal(root)
	if err != nil || !strings.Contains(string(encoded), `"start":"2026-11-26T07:44:02.04657Z"`) {
		t.Errorf("%s, %v", encoded, err)
	}
	byID := map[string]Span{}
	for _, s := range got.Spans {
		byID[s.ID] = s
	}
	hops := map[string]Span{}
	for _, s := range got.Spans {
		if s.ParentID != nil && byID[*s.ParentID].ID == "" {
			t.Errorf("the parent of %+v is missing", s)
		}
		hops[s.Service+": "+s.Name+" ("+s.Kind+")"] = s
	}
	for _, hop := range []string{
		"tasks: PATCH /api/todos/{id}/complete (server)", "tasks: userlog batch (internal)", "tasks: publish task-events (producer)",
		"recurring-spawn: process task.completed (consumer)", "mcp: process task.completed (consumer)", "gateway: stream frame (producer)",
	} {
		if hops[hop].ID == "" {
			t.Errorf("there is no %s", hop)
		}
	}
	if s := hops["mcp: process task.completed (consumer)"]; len(s.Links) != 1 || len(s.Links[0].TraceID) != 32 || len(s.Links[0].SpanID) != 16 ||
		s.Attributes["messaging.consumer.group.name"] != "mcp" || s.Attributes["cloudevents.event_type"] != "task.completed" {
		t.Errorf("a consumer: %+v", s)
	}
	if s := hops["tasks: userlog batch (internal)"]; s.Attributes["taskwire.batch.size"] != 1.0 {
		t.Errorf("a batch: %+v", s)
	}
}

// TestNothingElseIsShown: the recorded trace names users, tasks, statements and addresses.
func TestNothingElseIsShown(t *testing.T) {
	t.Parallel()
	raw := recorded(t, "trace.json")
	store := traces(t, serve(t, map[string]any{"/api/traces/" + recordedTrace: raw}))
	got, err := store.Get(t.Context(), recordedTrace)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"01a216ce-9f51-778a-9074-53919ebe2e70", "01a216cf-b023-71f1-881e-1430afddd594", "127.0.0.1", "SELECT source", "token:"} {
		if !strings.Contains(raw, private) {
			t.Errorf("the recorded trace does not have %q", private)
		}
		if strings.Contains(string(shown), private) {
			t.Errorf("%q is shown", private)
		}
	}
}

func TestTraces_Refused(t *testing.T) {
	t.Parallel()
	id := func(n int) string { return fmt.Sprintf("%032x", n) }
	span := func(pad int) string {
		return fmt.Sprintf(`{"spanID":"%016x","operationName":"%s","startTime":1,"duration":1,"processID":"p1"}`, pad, strings.Repeat("x", pad))
	}
	hang := make(chan struct{})
	store := traces(t, serve(t, map[string]any{
		"/api/traces/" + id(1): `{"data":[],"errors":null}`,
		"/api/traces/" + id(2): `{"data":null}`,
		"/api/traces/" + id(3): 500,
		"/api/traces/" + id(4): `{"data":[{"spans":[` + span(1),
		"/api/traces/" + id(5): `<html>`,
		"/api/traces/" + id(6): `{"data":[{"spans":[` + strings.Repeat(span(1<<20)+",", 5) + span(1) + `]}]}`,
		"/api/traces/" + id(7): func() { <-hang },
	}))
	t.Cleanup(func() { close(hang) }) // before the server waits for its answers
	for trace, want := range map[string]fault.Code{
		id(0): fault.NotFound, id(1): fault.NotFound, id(2): fault.NotFound, "": fault.NotFound, "x": fault.NotFound, "../services": fault.NotFound,
		strings.ToUpper(fmt.Sprintf("%032x", 0xabc)): fault.NotFound, id(1) + "?x": fault.NotFound,
		id(3): fault.Unavailable, id(4): fault.Unavailable, id(5): fault.Unavailable, id(6): fault.TooLarge, id(7): fault.Unavailable,
	} {
		begun := time.Now()
		if _, err := store.Get(t.Context(), trace); !fault.Is(err, want) {
			t.Errorf("%s: %v, want %s", trace, err, want)
		}
		if took := time.Since(begun); took > 2*timeout {
			t.Errorf("%s took %s", trace, took)
		}
	}
}

func TestTraces_NotConfigured(t *testing.T) {
	t.Parallel()
	_, err := traces(t, Config{}).Get(t.Context(), recordedTrace)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "start with OBSERVE=1, or configure JAEGER_QUERY_URL") {
		t.Error(err)
	}
	for _, wrong := range []string{"jaeger:16686", "/traces", "ftp://jaeger", "http://"} {
		if _, err := NewTraces(Config{TracesURL: wrong}); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}

func TestTraceOf_BoundsAndTells(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	many := make([]Span, maxSpans+1)
	for i := range many {
		many[i] = Span{ID: fmt.Sprint(i), Start: now.Add(-time.Duration(i) * time.Minute)}
	}
	got := traceOf("t", many, now)
	if len(got.Spans) != maxSpans || !got.Truncated || got.Spans[0].ID != fmt.Sprint(maxSpans) || got.Complete {
		t.Errorf("%d spans, truncated %v, complete %v", len(got.Spans), got.Truncated, got.Complete)
	}
	long := []Span{{Start: now.Add(-time.Hour), DurationUS: time.Hour.Microseconds()}, {Start: now.Add(-time.Minute)}}
	if traceOf("t", long, now.Add(settled)).Complete || !traceOf("t", long, now.Add(settled+1)).Complete {
		t.Error("a trace is complete some time after the end of its last span")
	}
}
